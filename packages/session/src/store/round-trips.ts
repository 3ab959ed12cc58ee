import { AsyncLocalStorage } from "node:async_hooks";
import { SessionBusyError } from "../errors.ts";
import { once } from "../process.ts";
import { STORE_LIMIT_MS, within } from "./time-limit.ts";

/** Trips to the store and the milliseconds spent in them, for `Server-Timing` and for tests. */
export interface Meter {
  trips: number;
  milliseconds: number;
  /** When the time of this request for its store is over, by `performance.now()`. Absent: each trip has its own. */
  readonly deadline?: number;
}

const current = () => once("meter", () => new AsyncLocalStorage<Meter>());

/** For a request that begins now. */
export function newMeter(): Meter {
  return { trips: 0, milliseconds: 0, deadline: performance.now() + STORE_LIMIT_MS };
}

/** Store trips made inside `work` are counted on `meter`, and end by its deadline. */
export function metered<T>(meter: Meter, work: () => Promise<T>): Promise<T> {
  return current().run(meter, work);
}

/** How many milliseconds the request under way has left for its store. */
export function timeLeft(): number {
  const deadline = current().getStore()?.deadline;
  return deadline === undefined ? STORE_LIMIT_MS : deadline - performance.now();
}

/**
 * One trip to the store, counted where a meter runs.
 *
 * @throws an error when the store does not answer in the time that the request has left; `SessionBusyError` where
 *   there was no time left to ask it
 */
export async function trip<T>(work: () => Promise<T>): Promise<T> {
  const left = timeLeft();
  if (left <= 0) throw new SessionBusyError("It waited too long for its turn.");
  const meter = current().getStore();
  const started = performance.now();
  try {
    return await within(left, work());
  } finally {
    if (meter) {
      meter.trips += 1;
      meter.milliseconds += performance.now() - started;
    }
  }
}

/** For a store verb that needs more than one trip: call it once for each after the first. */
export function anotherTrip(): void {
  const meter = current().getStore();
  if (meter) meter.trips += 1;
}
