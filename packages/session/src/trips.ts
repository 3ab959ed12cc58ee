import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "./process.ts";

/** Trips to the store and the milliseconds spent in them, for `Server-Timing` and for tests. */
export interface Meter {
  trips: number;
  milliseconds: number;
}

const current = () => once("meter", () => new AsyncLocalStorage<Meter>());

/** Store trips made inside `work` are counted on `meter`. */
export function metered<T>(meter: Meter, work: () => Promise<T>): Promise<T> {
  return current().run(meter, work);
}

/** One trip to the store. Outside of `metered` it costs nothing and counts nowhere. */
export async function trip<T>(work: () => Promise<T>): Promise<T> {
  const meter = current().getStore();
  if (!meter) return work();
  const started = performance.now();
  try {
    return await work();
  } finally {
    meter.trips += 1;
    meter.milliseconds += performance.now() - started;
  }
}

/** For a store verb that needs more than one trip: call it once for each after the first. */
export function anotherTrip(): void {
  const meter = current().getStore();
  if (meter) meter.trips += 1;
}
