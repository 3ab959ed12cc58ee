import { expect, test, vi } from "vitest";
import { SessionBusyError, SessionConflictError, SessionFieldError } from "../errors.ts";
import { metered } from "../store/round-trips.ts";
import { serverStrategy } from "../store/server-strategy.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { testClock, testConfig, testJar } from "../testing/rig.ts";
import { openSession } from "./open-session.ts";

test("writers of one session inside one process take turns: none of them meets a conflict", async () => {
  const config = testConfig();
  const strategy = serverStrategy({ name: "memory", config, store: () => memoryStore() });
  const jar = testJar((await strategy.create({ visits: 0 })).cookie);
  const open = () => openSession<{ visits: number }>(strategy, jar, config());
  const writers = await Promise.all(Array.from({ length: 10 }, open));
  const meter = { roundTrips: 0, milliseconds: 0 };
  const visit = (fields: { visits?: number }) => {
    fields.visits = (fields.visits ?? 0) + 1;
  };
  await metered(meter, () => Promise.all(writers.map((session) => session.update(visit))));
  expect((await open()).visits).toBe(10);
  // Ten writes, and nine that had to wait and so read again. A conflict would cost two more.
  expect(meter.roundTrips).toBe(19);
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

test("a touch that fails does not fail the read: the session is found, and a warning says why", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const clock = testClock();
  const config = testConfig({ now: clock.now });
  const touch = async () => Promise.reject(new Error("OOM command not allowed"));
  const strategy = serverStrategy({
    name: "memory",
    config,
    store: () => ({ ...memoryStore(), touch }),
  });
  const jar = testJar((await strategy.create({ visits: 3 })).cookie);
  clock.advance(config().idleSeconds / 2);
  for (let reads = 0; reads < 3; reads += 1) {
    const session = await openSession<{ visits: number }>(strategy, jar, config());
    expect(session).toMatchObject({ visits: 3, sessionOutcome: "found" });
  }
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.calls[0]?.[0]).toContain("OOM command not allowed");
  warn.mockRestore();
});

test("beside the writer whose turn it is, 32 of one session wait in a process, and the others are told at once", async () => {
  const config = testConfig();
  const memory = memoryStore();
  let thaw = () => {};
  const frozen = new Promise<void>((done) => (thaw = done));
  const store = () => ({
    ...memory,
    update: (...args: Parameters<typeof memory.update>) =>
      frozen.then(() => memory.update(...args)),
  });
  const strategy = serverStrategy({ name: "memory", config, store });
  const jar = testJar((await strategy.create({ visits: 0 })).cookie);
  const open = () => openSession<{ visits: number }>(strategy, jar, config());
  const writers = await Promise.all(Array.from({ length: 40 }, open));
  const results = writers.map((session) =>
    session
      .update((fields) => {
        fields.visits = (fields.visits ?? 0) + 1;
      })
      .catch((error) => error),
  );
  const early = await Promise.all(results.slice(33));
  for (const error of early) expect(error).toBeInstanceOf(SessionBusyError);
  thaw();
  expect(await Promise.all(results.slice(0, 33))).toEqual(Array(33).fill("saved"));
  expect((await open()).visits).toBe(33);
});

test("a sign-in that others never let finish gives up, and leaves no second session", async () => {
  const config = testConfig();
  const records = new Map();
  const memory = memoryStore(records);
  const strategy = serverStrategy({
    name: "memory",
    config,
    store: () => ({
      ...memory,
      destroy: async (key, version) => (version ? "conflict" : memory.destroy(key)),
    }),
  });
  const jar = testJar((await strategy.create({ visits: 1 })).cookie);
  const session = await openSession<{ visits: number }>(strategy, jar, config());
  await expect(session.regenerate()).rejects.toThrow(SessionConflictError);
  expect(records.size).toBe(1);
  expect((await strategy.read(jar.value ?? ""))?.data).toEqual({ visits: 1 });
}, 15_000);

test("an error names the field, also one deep inside, and where a body sets the prototype", async () => {
  const { open } = openNew();
  const session = await open();
  const fromBody = (json: string) => (fields: object) =>
    void Object.assign(fields, JSON.parse(json));
  const fieldOf = (json: string) =>
    session.update(fromBody(json)).catch((error: SessionFieldError) => error.field);
  expect(await fieldOf('{"save":1}')).toBe("save");
  expect(await fieldOf('{"__proto__":{"isAdmin":true}}')).toBe("__proto__");
  expect(await fieldOf('{"__proto__":{"constructor":1}}')).toBe("__proto__");
  expect(await fieldOf('{"profile":{"list":[{"__proto__":1}]}}')).toBe("profile.list.0.__proto__");
  const error = new SessionFieldError("save");
  expect(error.message).toContain("`save`");
  expect(await fieldOf('{"note":"fine","constructor":"fine","toString":"fine"}')).toBe("saved");
});

test("nothing from a client replaces a method of the session, and the fields are all that others see of it", async () => {
  const { open } = openNew();
  const session = await open();
  await session.update((fields) => {
    fields.note = "mine";
  });
  for (const body of ['{"save":1}', '{"info":1}', '{"sessionOutcome":1}', '{"__proto__":{}}']) {
    expect(() => Object.assign(session, JSON.parse(body)), body).toThrow();
  }
  expect(session.info?.fingerprint).toHaveLength(16);
  expect(await session.save()).toBe("saved");
  expect([{ ...session }, JSON.parse(JSON.stringify(session)), Object.keys(session)]).toEqual([
    { note: "mine" },
    { note: "mine" },
    ["note"],
  ]);
});
