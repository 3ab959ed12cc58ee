import { expect, test } from "vitest";
import { SessionBusyError, SessionStoreError } from "../errors.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { testConfig } from "../testing/rig.ts";
import { newId } from "./ids.ts";
import { type Meter, metered, newMeter, STORE_LIMIT_MS, timeLeft } from "./round-trips.ts";
import { serverStrategy } from "./server-strategy.ts";

const frozen = () =>
  serverStrategy({
    name: "memory",
    config: testConfig(),
    store: () => ({ ...memoryStore(), read: () => new Promise<null>(() => {}) }),
  });

test("a request has 3 s for its store, however many round trips it makes", () => {
  const meter = newMeter();
  const left = (meter.deadline ?? 0) - performance.now();
  expect(left).toBeGreaterThan(STORE_LIMIT_MS - 500);
  expect(left).toBeLessThanOrEqual(STORE_LIMIT_MS);
  expect(STORE_LIMIT_MS).toBe(3_000);
  expect(timeLeft()).toBe(STORE_LIMIT_MS);
});

test("a round trip without an answer ends when the request's time is over, as a failure of the store", async () => {
  const meter: Meter = { roundTrips: 0, milliseconds: 0, deadline: performance.now() + 30 };
  const error = await metered(meter, () => frozen().read(newId())).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SessionStoreError);
  expect(error.message).toContain("Memory");
  expect(meter.roundTrips).toBe(1);
  expect(meter.milliseconds).toBeLessThan(1_000);
});

test("a request whose time is over asks no store any more", async () => {
  const meter: Meter = { roundTrips: 0, milliseconds: 0, deadline: performance.now() - 1 };
  const error = await metered(meter, () => frozen().read(newId())).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SessionBusyError);
  expect(meter.roundTrips).toBe(0);
});
