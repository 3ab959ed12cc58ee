import type { FaultKind } from "@repo/history/operation";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { setTimeout } from "k6/timers";
import {
  asControl,
  bootsSeen,
  eventsOnOffer,
  recordEventFailed,
  recordUnanswered,
} from "../evidence.ts";
import { recordFault, say } from "../history.ts";
import { eventSeconds, eventsUrl, loopback, secretName } from "../options.ts";
import { type Figures, percent } from "../summary.ts";
import { share } from "../verdict.ts";
import { send } from "../visitors/http.ts";
import { routes } from "../visitors/routes.ts";
import type { AppResponse, Visitor } from "../visitors/types.ts";
import { forEachVisitor } from "../visitors/visitor.ts";
import { type EventName, endOf, herokuCommands, localCommands } from "./event-commands.ts";

/** For the report's strips: when an event began and ended. */
const eventMoments = new Counter("event");

/** Requests after an event; enough to meet one of the new dynos even if one of four is old. */
const REQUESTS_TO_MEET_A_NEW_DYNO = 12;

/** That all of them miss one of four dynos happens once in 250 times; then it looks again. */
const REQUESTS_TO_SEE_AN_EVENT = 24;

/** Rare enough to leave a machine that is starting dynos something for them. */
const BETWEEN_VISITS_MS = 400;

/**
 * Ends a journey that can say nothing more: an event did not happen, or sessions were lost before it. The evidence so
 * far says why; the figures so far are kept.
 */
export class EndOfJourney extends Error {
  readonly figures: Record<string, number>;

  constructor(figures: Record<string, number> = {}) {
    super();
    this.figures = figures;
  }
}

/** Figures of every scenario that asks what an event does to sessions. */
export const keptFigures = ["foundBefore", "keptShare", "sessionsLost", "visitsFailed"] as const;
type KeptFigures = Figures<(typeof keptFigures)[number]>;

export function keptHeadline({ foundBefore, keptShare, visitsFailed }: KeptFigures): string {
  if (foundBefore === undefined) return "";
  if (keptShare === undefined) return `${percent(foundBefore)} found before`;
  const failed = visitsFailed ? `, ${visitsFailed} failed` : "";
  return `${percent(keptShare)} kept${failed}`;
}

/**
 * The control phase. Returns a function that says what has changed since. If sessions are lost already, the journey
 * ends: no event could be blamed.
 */
export async function visitBefore(visitors: readonly Visitor[], visits: number) {
  await asControl(() => visitAll(visitors, visits));
  const found = visitors.reduce((sum, visitor) => sum + visitor.found, 0);
  const lost = visitors.reduce((sum, visitor) => sum + visitor.lost, 0);
  const foundBefore = share({ yes: found, no: lost });
  if (lost > 0) throw new EndOfJourney({ foundBefore });
  const errorsBefore = visitors.map(({ errors }) => errors.length);

  return (): Required<KeptFigures> => {
    const failed = visitors.map(({ errors }, at) => errors.length - (errorsBefore[at] ?? 0));
    const sessionsLost = visitors.filter((visitor) => visitor.lost > 0).length;
    return {
      foundBefore,
      keptShare: 1 - sessionsLost / visitors.length,
      sessionsLost,
      visitsFailed: failed.reduce((sum, times) => sum + times, 0),
    };
  };
}

/** Visits after an event. A visitor who gets no answer is recorded: silence does not prove that a session was kept. */
export async function visitAfter(visitors: readonly Visitor[], visits: number): Promise<void> {
  const answeredBefore = visitors.map(({ found, lost }) => found + lost);
  await visitAll(visitors, visits);
  for (const [at, { found, lost }] of visitors.entries())
    if (found + lost === answeredBefore[at]) recordUnanswered();
}

async function visitAll(visitors: readonly Visitor[], visits: number): Promise<void> {
  await forEachVisitor(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) await visitor.visit();
  });
}

/** Visitors keep coming while `work` runs. */
export async function whileVisiting(
  visitors: readonly Visitor[],
  work: () => Promise<void>,
  visit: (visitor: Visitor) => Promise<unknown> = (visitor) => visitor.visit(),
): Promise<void> {
  let over = false;
  const visiting = forEachVisitor(visitors, async (visitor) => {
    while (!over) {
      await visit(visitor);
      await pause(BETWEEN_VISITS_MS);
    }
  });
  try {
    await work();
  } finally {
    over = true;
    await visiting;
  }
}

/** Triggers an event on the dynos while all visitors keep coming, and checks that it has happened. */
export async function runEvent(
  event: EventName,
  visitors: readonly Visitor[],
  visit?: (visitor: Visitor) => Promise<unknown>,
): Promise<void> {
  const old = bootsSeen();
  await whileVisiting(visitors, () => trigger(event), visit);
  if (old.size === 0 || event === "scale-1" || event === "scale-2") return;
  const met: string[] = [];
  for (let request = 0; request < REQUESTS_TO_MEET_A_NEW_DYNO; request++)
    met.push((await send("GET", routes().baseline)).boot);
  // An app that no longer answers at all is another matter.
  const answered = met.filter(Boolean);
  if (answered.length > 0 && answered.every((boot) => old.has(boot)))
    fail(event, "all dynos are the same as before");
}

/** Triggers an event through `-e EVENTS`, or asks the person who runs the script to do so. */
export async function trigger(event: EventName): Promise<void> {
  eventMoments.add(1, { event, moment: "begins" });
  const start = Date.now();
  await (eventsUrl ? post(event) : askPerson(event));
  recordEvent(event, start);
  eventMoments.add(1, { event, moment: "is over" });
}

/** What an event is in a history, and the dyno that it hits. */
function faultOf(event: EventName): { fault: FaultKind; dyno?: string; skewMs?: number } {
  const [, verb = event, number] = /^(kill|freeze|clock|scale)-(\d)$/.exec(event) ?? [];
  const dyno = `web.${number}`;
  if (verb === "kill" || verb === "freeze") return { fault: verb, dyno };
  if (verb === "clock") return { fault: "clock-skew", dyno, skewMs: CLOCK_SKEW_MS };
  if (verb.startsWith("store-slow")) return { fault: "store-slow" };
  if (verb === "store-fill") return { fault: "store-full" };
  if (verb === "scale" || verb === "restart") return { fault: verb };
  if (verb === "store-freeze" || verb === "store-cut") return { fault: verb };
  return { fault: verb.startsWith("store-") ? "store-restart" : "deploy" };
}

/** By how much `clock-1` to `clock-3` set a dyno's clock. */
const CLOCK_SKEW_MS = -60_000;

/** What lasts, by the event that ends it. */
const lasting = new Map<EventName, ReturnType<typeof faultOf> & { start: number }>();

/** In the history a fault lasts until the dyno or the store is back. */
function recordEvent(event: EventName, start: number): void {
  const now = Date.now();
  const ended = lasting.get(event);
  const end = endOf(event);
  const happened = faultOf(event);
  // A dyno gets another clock by starting again.
  const restarted = ended?.skewMs ? ended.dyno : happened.skewMs ? happened.dyno : undefined;
  if (restarted) recordFault("restart", start, now, { dyno: restarted });
  if (ended) {
    recordFault(ended.fault, ended.start, now, ended);
    lasting.delete(event);
  } else if (end) {
    lasting.set(end, { ...happened, start });
  } else if (!event.endsWith("-mend")) {
    recordFault(happened.fault, start, now, happened);
  }
}

async function post(event: EventName): Promise<void> {
  const url = `${eventsUrl}/${event}`;
  const params = { timeout: "180s", tags: { name: "event" } };
  const { status, body, error } = await http.asyncRequest("POST", url, "", params);
  if (status !== 204) fail(event, `${status} ${body || error}`);
}

/** Whether an event can be triggered. A person can trigger all; a local router says which it offers. */
export function canTrigger(event: EventName): boolean {
  return eventsOnOffer()?.includes(event) ?? true;
}

const LOOK_AGAIN_MS = 500;

/** Goes on as soon as the event has been seen. Where it cannot be seen, when the time is over. */
async function askPerson(event: EventName): Promise<void> {
  const command = (loopback ? localCommands : herokuCommands)[event];
  const text = command.replaceAll("SESSION_SECRET", secretName);
  say(`Now run, within ${eventSeconds} seconds: ${text}`);
  const old = bootsSeen();
  const until = Date.now() + eventSeconds * 1000;
  while (Date.now() < until) {
    await pause(Math.min(LOOK_AGAIN_MS, until - Date.now()));
    if (await hasHappened(event, old)) return;
  }
}

/** Whether the app's answers show that an event is complete. */
async function hasHappened(event: EventName, old: ReadonlySet<string>): Promise<boolean> {
  const path = event === "store-stop" || event === "store-start" ? "/readyz" : routes().baseline;
  if (event === "store-restart" || (path === "/readyz" && !routes().readyz)) return false;
  const answers: AppResponse[] = [];
  for (let request = 0; request < REQUESTS_TO_SEE_AN_EVENT; request++)
    answers.push(await send("GET", path, { accept: "any" }));
  if (event === "store-stop") return answers.every(({ status }) => status === 503);
  if (!answers.every(({ ok, status }) => ok && status < 400)) return false;
  if (event === "store-start") return true;
  const dynos = new Set(answers.map(({ dyno }) => dyno));
  const wanted = /^scale-(\d)$/.exec(event)?.[1];
  if (wanted) return !dynos.has("") && !dynos.has("local") && dynos.size === Number(wanted);
  return old.size > 0 && answers.every(({ boot }) => boot !== "" && !old.has(boot));
}

function fail(event: EventName, why: string): never {
  say(`The event ${event} failed: ${why}`);
  recordEventFailed(event);
  throw new EndOfJourney();
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
