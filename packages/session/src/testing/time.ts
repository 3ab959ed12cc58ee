import { describe, expect, test, vi } from "vitest";
import type { Strategy } from "../contract.ts";
import {
  DAY_SECONDS,
  keepsOnServer,
  type Rig,
  SECRETS,
  sleep,
  testClock,
  testConfig,
} from "./rig.ts";

const IDLE_SECONDS = 14 * DAY_SECONDS;
const ABSOLUTE_SECONDS = 30 * DAY_SECONDS;

/** Both lifetimes are the server's to enforce, and so with a clock that only the strategy sees. */
export function describeLifetimes(getRig: () => Rig): void {
  const startWithClock = () => {
    const clock = testClock();
    return { clock, strategy: getRig().start("web.1", testConfig({ now: clock.now })) };
  };

  describe("lifetimes", () => {
    test("an unused session ends after the idle lifetime", async () => {
      const { clock, strategy } = startWithClock();
      const { cookie } = await strategy.create({});
      clock.advance(IDLE_SECONDS - 60);
      expect(await strategy.read(cookie)).not.toBeNull();
      clock.advance(120);
      expect(await strategy.read(cookie)).toBeNull();
    });

    test("a session that is used lives on, and ends at the absolute end all the same", async () => {
      const { clock, strategy } = startWithClock();
      let session = await strategy.create({});
      const end = session.createdAt + ABSOLUTE_SECONDS * 1000;
      for (let days = 10; days <= 20; days += 10) {
        clock.advance(10 * DAY_SECONDS);
        const touched = await strategy.touch(session);
        if (!touched) throw new Error(`gone after ${days} days`);
        session = touched;
        expect((await strategy.read(session.cookie))?.expiresAt).toBeLessThanOrEqual(end);
      }
      clock.advance(10 * DAY_SECONDS - 60);
      expect(await strategy.read(session.cookie)).not.toBeNull();
      clock.advance(120);
      expect(await strategy.read(session.cookie)).toBeNull();
      expect(await strategy.touch(session)).toBeNull();
      expect((await strategy.update(session, {})).result).toBe("gone");
    });

    test("an update moves the expiry too", async () => {
      const { clock, strategy } = startWithClock();
      const session = await strategy.create({});
      clock.advance(DAY_SECONDS);
      const updated = await strategy.update(session, { visits: 1 });
      if (updated.result !== "saved") throw new Error(updated.result);
      const read = await strategy.read(updated.session.cookie);
      expect((read?.expiresAt ?? 0) - session.expiresAt).toBeGreaterThan((DAY_SECONDS - 60) * 1000);
    });

    test("neither touch nor update brings back what has expired, by the store's own clock", async () => {
      const strategy = getRig().start("web.1", testConfig({ idleSeconds: 0.8 }));
      const session = await strategy.create({ visits: 1 });
      expect(await strategy.read(session.cookie)).not.toBeNull();
      expect(session.expiresAt - session.createdAt).toBeLessThan(1_500);
      await sleep(session.expiresAt - Date.now() + 100);
      expect(await strategy.touch(session)).toBeNull();
      expect((await strategy.update(session, { visits: 2 })).result).toBe("gone");
      expect(await strategy.read(session.cookie)).toBeNull();
    });

    test("a lifetime of more than 30 days is one", async () => {
      const lifetimes = { idleSeconds: 40 * DAY_SECONDS, absoluteSeconds: 400 * DAY_SECONDS };
      const strategy = getRig().start("web.1", testConfig(lifetimes));
      const session = await strategy.create({});
      const touched = await strategy.touch(session);
      expect(await strategy.read(touched?.cookie ?? "")).not.toBeNull();
    });
  });
}

/** As far as iron-session lets two clocks differ, and with it the cookie strategy. */
const SKEW_SECONDS = 60;

/** One dyno's clock is behind the others', and behind the store's. */
export function describeClockSkew(getRig: () => Rig): void {
  const IDLE = { idleSeconds: 2 * SKEW_SECONDS };
  const start = (config = {}) =>
    getRig().start("web.1", testConfig({ now: () => Date.now(), ...config }));

  /** Lets a dyno do something while its clock differs by so many seconds from the machine's. */
  async function at<Result>(
    seconds: number,
    strategy: Strategy,
    work: (strategy: Strategy) => Promise<Result>,
  ): Promise<Result> {
    const right = Date.now.bind(Date);
    const clock = vi.spyOn(Date, "now").mockImplementation(() => right() + seconds * 1_000);
    try {
      return await work(strategy);
    } finally {
      clock.mockRestore();
    }
  }

  describe(`a dyno whose clock is ${SKEW_SECONDS} s behind`, () => {
    test("finds and changes what another dyno has just made, and the other way round", async () => {
      const [right, behind] = [start(), start()];
      for (const [one, other, first, second] of [
        [right, behind, 0, -SKEW_SECONDS],
        [behind, right, -SKEW_SECONDS, 0],
      ] as const) {
        const { cookie } = await at(first, one, (dyno) => dyno.create({ visits: 0 }));
        const found = await at(second, other, (dyno) => dyno.read(cookie));
        if (!found) throw new Error("not found");
        const changed = await at(second, other, (dyno) => dyno.update(found, { visits: 1 }));
        if (changed.result !== "saved") throw new Error(changed.result);
        const again = await at(first, one, (dyno) => dyno.read(changed.session.cookie));
        expect(again?.data).toEqual({ visits: 1 });
        expect(again && (await at(first, one, (dyno) => dyno.touch(again)))).not.toBeNull();
      }
    });

    test("makes sessions that end as much earlier on the others, and no earlier", async () => {
      const [right, behind] = [start(IDLE), start(IDLE)];
      const { cookie } = await at(-SKEW_SECONDS, behind, (dyno) => dyno.create({}));
      expect(await at(SKEW_SECONDS - 10, right, (dyno) => dyno.read(cookie))).not.toBeNull();
      expect(await at(SKEW_SECONDS + 10, right, (dyno) => dyno.read(cookie))).toBeNull();
    });

    test("finds the others' sessions as much longer, and no longer", async () => {
      const [right, behind] = [start(IDLE), start(IDLE)];
      const { cookie } = await right.create({});
      const end = 2 * SKEW_SECONDS;
      expect(await at(end - 10, behind, (dyno) => dyno.read(cookie))).not.toBeNull();
      expect(await at(end + 10, behind, (dyno) => dyno.read(cookie))).toBeNull();
    });
  });
}

/** Two documented steps: every dyno accepts the new secret, then it is used. Later the old one is dropped. */
export function describeRotation(getRig: () => Rig): void {
  const { a, b, c } = SECRETS;
  const start = (...secrets: [string, ...string[]]) =>
    getRig().start("web.1", testConfig({ secrets }));

  describe("rotation of the secret", () => {
    test("signs no visitor out while dynos of two steps serve at once, nor on a rollback", async () => {
      const steps = [start(a), start(a, b), start(b, a), start(b)];
      for (const [index, step] of steps.entries()) {
        const { cookie } = await step.create({ step: index });
        for (const neighbour of steps.slice(Math.max(0, index - 1), index + 2)) {
          expect((await neighbour.read(cookie))?.data).toEqual({ step: index });
        }
      }
    });

    test("what a dyno of the one step writes, a dyno of the other reads and writes", async () => {
      const [before, after] = [start(a, b), start(b, a)];
      let session = await before.create({ visits: 0 });
      for (let visits = 1; visits <= 4; visits += 1) {
        const strategy = visits % 2 ? after : before;
        const read = await strategy.read(session.cookie);
        const updated = read && (await strategy.update(read, { visits }));
        if (updated?.result !== "saved") throw new Error(`lost at ${visits}`);
        session = updated.session;
      }
      expect((await after.read(session.cookie))?.data).toEqual({ visits: 4 });
    });

    test("two rotations in a row keep a session that is used in between, even if only read", async () => {
      let { cookie } = await start(a).create({ note: "kept" });
      for (const step of [start(a, b), start(b, a), start(b), start(b, c), start(c, b), start(c)]) {
        const session = await step.read(cookie);
        expect(session?.data).toEqual({ note: "kept" });
        const touched = session && (await step.touch(session));
        cookie = touched?.cookie ?? "";
      }
    });

    test("a session that was not used before the old secret was removed is lost, without an error", async () => {
      const { cookie } = await start(a).create({});
      expect(await start(b).read(cookie)).toBeNull();
    });

    test("a version that was read before the rotation is still what counts", async ({ skip }) => {
      const strategy = start(b, a);
      if (!keepsOnServer(strategy)) return skip("there is nothing to compare with");
      const { cookie } = await start(a).create({ visits: 0 });
      const [one, two] = [await strategy.read(cookie), await strategy.read(cookie)];
      if (!one || !two) throw new Error("not found");
      expect((await strategy.update(one, { visits: 1 })).result).toBe("saved");
      expect(await strategy.touch(two)).not.toBeNull();
      expect((await strategy.read(cookie))?.data).toEqual({ visits: 1 });
    });
  });
}
