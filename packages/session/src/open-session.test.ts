import { expect, test } from "vitest";
import { testConfig, testJar } from "./conformance-rig.ts";
import { memoryStore } from "./memory-store.ts";
import { openSession } from "./open-session.ts";
import { serverStrategy } from "./server-strategy.ts";
import { metered } from "./trips.ts";

test("writers of one session inside one process take turns: none of them meets a conflict", async () => {
  const config = testConfig();
  const strategy = serverStrategy({ name: "memory", config, store: () => memoryStore() });
  const jar = testJar((await strategy.create({ visits: 0 })).cookie);
  const open = () => openSession<{ visits: number }>(strategy, jar, config());
  const writers = await Promise.all(Array.from({ length: 10 }, open));
  const meter = { trips: 0, milliseconds: 0 };
  const visit = (fields: { visits?: number }) => {
    fields.visits = (fields.visits ?? 0) + 1;
  };
  await metered(meter, () => Promise.all(writers.map((session) => session.update(visit))));
  expect((await open()).visits).toBe(10);
  // Ten writes, and nine that had to wait and so read again. A conflict would cost two more.
  expect(meter.trips).toBe(19);
});

function openNew() {
  const config = testConfig();
  const strategy = serverStrategy({ name: "memory", config, store: () => memoryStore() });
  const jar = testJar();
  const open = () => openSession<{ visits: number; note: string }>(strategy, jar, config());
  return { jar, open };
}

test("two who begin the session at once in one request begin one", async () => {
  const { open } = openNew();
  const session = await open();
  const visit = (fields: { visits?: number }) => {
    fields.visits = (fields.visits ?? 0) + 1;
  };
  await Promise.all([session.update(visit), session.update(visit)]);
  expect((await open()).visits).toBe(2);
});

test("a new id keeps what was set and not saved, whether or not there was a session", async () => {
  const { open } = openNew();
  const session = await open();
  session.note = "set before there was a session";
  await session.regenerate();
  session.visits = 1;
  await session.regenerate();
  expect({ ...(await open()) }).toEqual({ note: "set before there was a session", visits: 1 });
});
