import { AsyncLocalStorage } from "node:async_hooks";
import { SessionBusyError } from "../errors.ts";
import { singleton } from "../singletons.ts";

/**
 * How long one request may spend on its store, in milliseconds, over all round trips and queues and with any store. With a
 * second for everything else, an answer takes at most 4 s (SPEC.md).
 */
export const STORE_LIMIT_MS = 3_000;

/** Round trips to the store and the milliseconds spent in them, for `Server-Timing` and for tests. */
export interface Meter {
  roundTrips: number;
  milliseconds: number;
  /** When this request's time for its store ends, by `performance.now()`. Absent: each round trip has its own limit. */
  readonly deadline?: number;
}

const current = () => singleton("meter", () => new AsyncLocalStorage<Meter>());

/** The meter of a request that begins now. */
export function newMeter(): Meter {
  return { roundTrips: 0, milliseconds: 0, deadline: performance.now() + STORE_LIMIT_MS };
}

/** Counts the round trips that `work` makes on `meter`, and ends them by its deadline. */
export function metered<T>(meter: Meter, work: () => Promise<T>): Promise<T> {
  return current().run(meter, work);
}

/** Milliseconds that the current request has left for its store. */
export function timeLeft(): number {
  const deadline = current().getStore()?.deadline;
  return deadline === undefined ? STORE_LIMIT_MS : deadline - performance.now();
}

/**
 * One round trip to the store, counted on the current meter, if there is one.
 *
 * @throws an error when the store does not answer in the time that the request has left; `SessionBusyError` where
 *   there was no time left to ask it
 */
export async function roundTrip<T>(work: () => Promise<T>): Promise<T> {
  const left = timeLeft();
  if (left <= 0) throw new SessionBusyError("It waited too long.");
  const meter = current().getStore();
  const started = performance.now();
  try {
    return await within(left, work());
  } finally {
    if (meter) {
      meter.roundTrips += 1;
      meter.milliseconds += performance.now() - started;
    }
  }
}

/** For a store verb that needs more than one round trip: call it for each one after the first. */
export function countRoundTrip(): void {
  const meter = current().getStore();
  if (meter) meter.roundTrips += 1;
}

/**
 * Rejects when `work` takes longer than `milliseconds`, and then calls `giveUp`, which may close the connection that
 * does not answer. The timeouts of the clients do not suffice: memjs' timeout and the `socketTimeout` of node-redis start
 * over with each write, so a cache that hangs goes unnoticed while requests keep coming, and the command timeout of
 * node-redis ends when the command is sent.
 */
export function within<T>(
  milliseconds: number,
  work: Promise<T>,
  giveUp: () => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${STORE_LIMIT_MS} ms`));
      giveUp();
    }, milliseconds);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
