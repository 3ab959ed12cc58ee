import { expect, test } from "vitest";
import type { Session, Strategy } from "../contract.ts";
import { fingerprint, newId, storeKey } from "../store/ids.ts";
import { testClock, testConfig } from "../testing/rig.ts";
import { readUnlessEnded, withEnded } from "./ended-sessions.ts";

const HOUR_SECONDS = 3_600;
const MINUTE_SECONDS = 60;

function newSession(createdAt: number): Session {
  const id = newId();
  return { id, key: storeKey(id), data: {}, createdAt, expiresAt: 0, cookie: id, version: "" };
}

/** A strategy whose cookie is the session, and finds these. */
const strategyOf = (...sessions: Session[]) =>
  ({
    name: "test",
    keeps: "cookie",
    read: async (cookie) => sessions.find((session) => session.cookie === cookie) ?? null,
  }) as Partial<Strategy> as Strategy;

const { now } = Date;
const config = testConfig({ absoluteSeconds: HOUR_SECONDS, now })();

test("the marker names at most four ended ids, the last ones, by fingerprints that open nothing", () => {
  const sessions = Array.from({ length: 6 }, () => newSession(now()));
  let marker: string | undefined;
  for (const session of sessions) marker = withEnded(marker, session, config).value;
  const named = (marker ?? "").split("~").map((entry) => entry.split(".")[0]);
  expect(named).toEqual(sessions.slice(2).map(({ id }) => fingerprint(storeKey(id))));
  expect(marker?.length).toBeLessThan(115);
  for (const { id } of sessions) expect(marker).not.toContain(id);
});

test("ending the same id again takes no place of another", () => {
  const [one, two] = [newSession(now()), newSession(now())];
  let marker = withEnded(undefined, one, config).value;
  for (let times = 0; times < 6; times += 1) marker = withEnded(marker, two, config).value;
  expect(marker.split("~")).toHaveLength(2);
});

test("an id is refused until its own absolute end, and the browser keeps the marker to the last of them", async () => {
  const clock = testClock();
  const turned = testConfig({ absoluteSeconds: HOUR_SECONDS, now: clock.now })();
  const early = newSession(clock.now() - 30 * MINUTE_SECONDS * 1000);
  const late = newSession(clock.now());
  const first = withEnded(undefined, early, turned);
  const marker = withEnded(first.value, late, turned);
  expect(first.maxAgeSeconds / MINUTE_SECONDS).toBeCloseTo(30, 0);
  expect(marker.maxAgeSeconds / MINUTE_SECONDS).toBeCloseTo(60, 0);

  const strategy = strategyOf(early, late);
  const isFound = async ({ cookie }: Session) =>
    (await readUnlessEnded(strategy, cookie, marker.value, turned)) !== null;
  expect([await isFound(early), await isFound(late)]).toEqual([false, false]);
  clock.advance(31 * MINUTE_SECONDS);
  // The strategy itself refuses it now, so the marker need not.
  expect([await isFound(early), await isFound(late)]).toEqual([true, false]);
  expect(withEnded(marker.value, late, turned).value.split("~")).toHaveLength(1);
});

test.each([
  "",
  "~",
  "x",
  "0123456789abcdef",
  "0123456789abcdef.",
  "0123456789abcdef.1",
  "0123456789ABCDEF.9999999999",
  "0123456789abcdef.99999999999",
  `${"0123456789abcdef.9999999999~".repeat(5)}`,
  "__proto__.9999999999",
  "0123456789abcdef.9999999999\n",
])("a marker of %j is none, and never an error", async (forged) => {
  const session = newSession(now());
  expect(await readUnlessEnded(strategyOf(session), session.cookie, forged, config)).toBe(session);
  expect(withEnded(forged, session, config)).toEqual(withEnded(undefined, session, config));
});

test("a marker is nothing to a strategy that ends sessions in its store", async () => {
  const session = newSession(now());
  const { value } = withEnded(undefined, session, config);
  const onServer = { ...strategyOf(session), keeps: "server" as const };
  expect(await readUnlessEnded(onServer, session.cookie, value, config)).toBe(session);
});
