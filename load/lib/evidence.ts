import http from "k6/http";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";
import { dynosAtOnce, type Sighting } from "./dynos.ts";
import { type EventName, eventNames } from "./events/event-commands.ts";
import { describeAnswer, describeTimes, encodeFailure } from "./failure.ts";
import { eventsUrl } from "./options.ts";
import type { Tally } from "./verdict.ts";

const metrics = {
  held: new Rate("held"),
  before: new Rate("held_before"),
  answered: new Rate("answered"),
  dynosAtOnce: new Trend("dynos_at_once"),
  eventFailed: new Gauge("event_failed"),
  unanswered: new Counter("visitors_unanswered"),
  failure: new Gauge("failure"),
  failureTimes: new Counter("failure_times"),
  affinity: new Counter("affinity_seen"),
  conclusive: new Rate("conclusive"),
  finished: new Counter("finished"),
};

/** What this VU has seen. k6's VUs share no memory, so one VU plays all visitors of a scenario. */
const seen = {
  before: { yes: 0, no: 0 } as Tally,
  held: { yes: 0, no: 0 } as Tally,
  answered: { yes: 0, no: 0 } as Tally,
  eventFailed: undefined as EventName | undefined,
  unanswered: 0,
  failures: new Map<string, { code: number; times: number }>(),
  sightings: [] as Sighting[],
};
let isControl = false;

/** Records an observation that decides the scenario's question: it held, or it broke. */
export function observe(held: boolean): void {
  (isControl ? metrics.before : metrics.held).add(held);
  seen[isControl ? "before" : "held"][held ? "yes" : "no"] += 1;
}

/** What `work` observes is how things were before the event. The verdict judges the change. */
export async function asControl(work: () => Promise<void>): Promise<void> {
  isControl = true;
  await work();
  isControl = false;
}

export function recordResponse(answered: boolean, sighting: Sighting | undefined): void {
  metrics.answered.add(answered);
  seen.answered[answered ? "yes" : "no"] += 1;
  if (sighting) seen.sightings.push(sighting);
}

/** A request that was not answered as it should be. */
export function recordFailure(method: string, path: string, status: number): void {
  const answer = describeAnswer(method, path, status);
  const { times } = seen.failures.get(answer) ?? { times: 0 };
  const code = encodeFailure(method, path, status);
  seen.failures.set(answer, { code, times: times + 1 });
}

/** A cookie, or a visitor whom one dyno always answered, shows that the router keeps visitors apart. */
export function recordAffinity(): void {
  metrics.affinity.add(1);
}

export function recordEventFailed(event: EventName): void {
  metrics.eventFailed.add(eventNames.indexOf(event));
  seen.eventFailed = event;
}

/** A visitor who got no answer after an event. */
export function recordUnanswered(): void {
  metrics.unanswered.add(1);
  seen.unanswered += 1;
}

/** The boot ids that have answered so far; empty if the app does not send them. */
export function bootsSeen(): Set<string> {
  return new Set(seen.sightings.map(({ boot }) => boot).filter(Boolean));
}

const failuresByTimes = () => [...seen.failures].sort(([, a], [, b]) => b.times - a.times);

/** What failed, the commonest first: "GET /api/plain answered 404 (160 times)". */
export function failuresSeen(): string[] {
  return failuresByTimes().map(([answer, { times }]) => describeTimes(answer, times));
}

interface LocalRouter {
  events: string[];
  routed: Record<string, number>;
  /** When a dyno, or the router (null), waited for a processor. */
  waits?: { dyno: string | null; start: number; end: number }[];
}

/** What the address of the events says; `undefined` without one, or if it does not say. */
function askRouter(): LocalRouter | undefined {
  if (!eventsUrl) return undefined;
  const { status, body } = http.get(eventsUrl, { tags: { name: "event" }, responseType: "text" });
  return status === 200 && body?.startsWith("{") ? JSON.parse(body) : undefined;
}

/** Requests that the local router has passed to each dyno; `undefined` without one. */
export const routedSoFar = () => askRouter()?.routed;

/** When dynos waited for a processor: milliseconds since 1970. */
export const waitsSoFar = () => askRouter()?.waits ?? [];

/** The events that can be triggered; `undefined` if that is not known. */
export const eventsOnOffer = () => askRouter()?.events;

/**
 * This VU's share of the facts that `judge` needs.
 * @param before what the local router had passed to each dyno when the run began: where answers do not name their dyno,
 *   its record says how many there are
 */
export function factsSeen(before: Record<string, number> | undefined) {
  const named = dynosAtOnce(seen.sightings);
  const routed = named === 0 && before ? routedSoFar() : undefined;
  const served = Object.keys(routed ?? {}).filter(
    (dyno) => (routed?.[dyno] ?? 0) > (before?.[dyno] ?? 0),
  );
  const [failure] = failuresSeen();
  return { ...seen, failure, finished: true, dynosAtOnce: named || served.length };
}

/** Recorded once, at the end: a run that was stopped has no such sample, and no verdict. */
export function conclude(conclusive: boolean, dynos: number): void {
  metrics.dynosAtOnce.add(dynos);
  metrics.conclusive.add(conclusive);
  const [, commonest] = failuresByTimes()[0] ?? [];
  if (commonest) {
    metrics.failure.add(commonest.code);
    metrics.failureTimes.add(commonest.times);
  }
  metrics.finished.add(1);
}
