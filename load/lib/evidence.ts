import { Counter, Rate, Trend } from "k6/metrics";
import { dynosAtOnce, type Sighting } from "./dynos.ts";
import type { Tally } from "./verdict.ts";

const metrics = {
  held: new Rate("held"),
  before: new Rate("held_before"),
  answered: new Rate("answered"),
  dynosAtOnce: new Trend("dynos_at_once"),
  eventsFailed: new Counter("events_failed"),
  affinity: new Counter("affinity_cookies"),
  conclusive: new Rate("conclusive"),
};

/** What this VU has seen. k6's VUs share no memory, so one VU plays all visitors of a question. */
const seen = {
  before: none(),
  held: none(),
  answered: none(),
  eventsFailed: 0,
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

export function affinityCookie(): void {
  metrics.affinity.add(1);
}

export function eventFailed(): void {
  metrics.eventsFailed.add(1);
  seen.eventsFailed += 1;
}

/** This VU's share of the facts that `judge` asks for. */
export function factsSeen() {
  return { ...seen, finished: true, dynosAtOnce: dynosAtOnce(seen.sightings) };
}

/** Said once, at the end: a run that was stopped has no such sample, and no verdict. */
export function conclude(conclusive: boolean, dynos: number): void {
  metrics.dynosAtOnce.add(dynos);
  metrics.conclusive.add(conclusive);
}
