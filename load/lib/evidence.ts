import { Counter, Gauge, Rate, Trend } from "k6/metrics";
import { dynosAtOnce, type Sighting } from "./dynos.ts";
import { type EventName, eventNames } from "./events-by-hand.ts";
import type { Tally } from "./verdict.ts";

const metrics = {
  held: new Rate("held"),
  before: new Rate("held_before"),
  answered: new Rate("answered"),
  dynosAtOnce: new Trend("dynos_at_once"),
  eventFailed: new Gauge("event_failed"),
  unanswered: new Counter("visitors_unanswered"),
  affinity: new Counter("affinity_seen"),
  conclusive: new Rate("conclusive"),
  finished: new Counter("finished"),
};

/** What this VU has seen. k6's VUs share no memory, so one VU plays all visitors of a question. */
const seen = {
  before: none(),
  held: none(),
  answered: none(),
  eventFailed: undefined as EventName | undefined,
  unanswered: 0,
  sightings: [] as Sighting[],
};
let asking = true;

function none(): Tally {
  return { yes: 0, no: 0 };
}

/** An observation that answers the question: it held, or it broke. */
export function hold(held: boolean): void {
  (asking ? metrics.held : metrics.before).add(held);
  seen[asking ? "held" : "before"][held ? "yes" : "no"] += 1;
}

/** What `work` observes is how things were before the event: the verdict judges the change. */
export async function control(work: () => Promise<void>): Promise<void> {
  asking = false;
  await work();
  asking = true;
}

export function answer(answered: boolean, sighting: Sighting | undefined): void {
  metrics.answered.add(answered);
  seen.answered[answered ? "yes" : "no"] += 1;
  if (sighting) seen.sightings.push(sighting);
}

/** A cookie, or a visitor whom one dyno always answered, shows that the router keeps visitors apart. */
export function affinity(): void {
  metrics.affinity.add(1);
}

export function eventFailed(event: EventName): void {
  metrics.eventFailed.add(eventNames.indexOf(event));
  seen.eventFailed = event;
}

/** The boot ids that have answered so far; none where an app does not tell them. */
export function bootsSeen(): Set<string> {
  return new Set(seen.sightings.map(({ boot }) => boot).filter(Boolean));
}

/** A visitor whom nothing answered after an event. */
export function unanswered(): void {
  metrics.unanswered.add(1);
  seen.unanswered += 1;
}

/** This VU's share of the facts that `judge` asks for. */
export function factsSeen() {
  return { ...seen, finished: true, dynosAtOnce: dynosAtOnce(seen.sightings) };
}

/** Said once, at the end: a run that was stopped has no such sample, and no verdict. */
export function conclude(conclusive: boolean, dynos: number): void {
  metrics.dynosAtOnce.add(dynos);
  metrics.conclusive.add(conclusive);
  metrics.finished.add(1);
}
