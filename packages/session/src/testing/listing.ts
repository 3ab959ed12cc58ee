import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SessionConfig } from "../config.ts";
import type { Strategy } from "../contract.ts";
import { SessionsNotListedError } from "../errors.ts";
import { mySessionsOf } from "../session/my-sessions.ts";
import { openSession } from "../session/open-session.ts";
import { endSessions } from "../session/user-sessions.ts";
import { storeKey } from "../store/ids.ts";
import { type Meter, metered } from "../store/round-trips.ts";
import {
  DAY_SECONDS,
  type Rig,
  SECRETS,
  type Traits,
  testClock,
  testConfig,
  testJar,
} from "./rig.ts";

const ROUNDS = 20;

interface Fields {
  visits: number;
  user: { id: string; name: string };
}

/** The trait `listsSessions`, both ways, and what it promises between two dynos. */
export function describeListing(getRig: () => Rig, { listsSessions }: Traits): void {
  const twoDynos = (config = testConfig()) =>
    [getRig().start("web.1", config), getRig().start("web.2", config)] as const;
  const newUser = () => ({ id: `test:${randomUUID()}`, name: "Ada" });
  const keysOf = async (strategy: Strategy, { id }: { id: string }) =>
    (await strategy.list(id)).map(({ key }) => key);

  /** A sign-in as the app makes it: over an anonymous session, in its own browser. */
  async function signIn(
    strategy: Strategy,
    user: Fields["user"],
    config: SessionConfig = testConfig()(),
  ) {
    const jar = testJar((await strategy.create({ visits: 1 })).cookie);
    const device = () => "Firefox on Windows";
    const session = await openSession<Fields>(strategy, jar, config, { device });
    await session.regenerate({ user });
    const cookie = jar.value ?? "";
    return { jar, cookie, key: storeKey(cookie), session };
  }

  if (!listsSessions) {
    test("listsSessions: the sessions of a user are not listed, and the error says what to use instead", async () => {
      const [one] = twoDynos();
      const { session } = await signIn(one, newUser());
      expect(one.cannotList).toBeTruthy();
      const mine = mySessionsOf(
        one,
        async () => session,
        (work) => work(),
      );
      for (const call of [
        one.list("anyone"),
        mine.mySessions(),
        mine.endSession("0123456789abcdef"),
        mine.endOtherSessions(),
        mine.endSessionsOf("anyone"),
      ]) {
        await expect(call).rejects.toThrow(SessionsNotListedError);
      }
      await expect(one.list("anyone")).rejects.toThrow(one.cannotList);
    });
    return;
  }

  describe("listsSessions", () => {
    test("a sign-in on one dyno is in the list of the other, newest first, with its device and times", async () => {
      const [one, two] = twoDynos();
      const user = newUser();
      const before = Date.now();
      const first = await signIn(one, user);
      await new Promise((done) => setTimeout(done, 2));
      const second = await signIn(two, user);
      for (const dyno of [one, two]) {
        const sessions = await dyno.list(user.id);
        expect(sessions.map(({ key }) => key)).toEqual([second.key, first.key]);
        for (const { createdAt, lastUsedAt, device } of sessions) {
          expect(device).toBe("Firefox on Windows");
          expect(createdAt).toBeGreaterThanOrEqual(before);
          expect(lastUsedAt).toBeGreaterThanOrEqual(createdAt);
        }
      }
    });

    test("anonymous sessions, those of other users, and users without an id are in no list", async () => {
      const [one, two] = twoDynos();
      const [user, other] = [newUser(), newUser()];
      await one.create({ visits: 1 });
      await one.create({ user: { name: user.id } });
      await signIn(one, other);
      expect(await two.list(user.id)).toEqual([]);
    });

    test("what has ended is in no list: destroyed, given a new id, or changed to another user", async () => {
      const [one, two] = twoDynos();
      const [user, other] = [newUser(), newUser()];
      const [ended, renewed, changed] = [
        await signIn(one, user),
        await signIn(one, user),
        await signIn(one, user),
      ];
      await ended.session.destroy();
      await renewed.session.regenerate();
      await changed.session.update((fields) => {
        fields.user = other;
      });
      expect(await keysOf(two, user)).toEqual([storeKey(renewed.jar.value ?? "")]);
      expect(await keysOf(two, other)).toEqual([changed.key]);
    });

    test("what has expired is in no list", async () => {
      const clock = testClock();
      const [one] = twoDynos(testConfig({ now: clock.now }));
      const user = newUser();
      await signIn(one, user, testConfig({ now: clock.now })());
      expect(await one.list(user.id)).toHaveLength(1);
      clock.advance(15 * DAY_SECONDS);
      expect(await one.list(user.id)).toEqual([]);
    });

    test("writes and moved expiries keep it listed; `lastUsedAt` moves with the expiry", async () => {
      const clock = testClock();
      const [one, two] = twoDynos(testConfig({ now: clock.now }));
      const user = newUser();
      const { cookie, key } = await signIn(one, user, testConfig({ now: clock.now })());
      const [before] = await two.list(user.id);
      clock.advance(2 * DAY_SECONDS);
      const session = await two.read(cookie);
      if (!session || !before) throw new Error("the session is not there");
      await two.touch(session);
      const [after] = await one.list(user.id);
      expect(after?.key).toBe(key);
      const moved = (after?.lastUsedAt ?? 0) - before.lastUsedAt;
      expect(moved).toBeGreaterThan(2 * DAY_SECONDS * 1000 - 1_000);
      await one.update(session, { ...session.data, visits: 9 });
      expect(await keysOf(two, user)).toEqual([key]);
    });

    test("a session becomes listed with the write that gives it a user", async () => {
      const [one, two] = twoDynos();
      const user = newUser();
      const session = await one.create({});
      await one.update(session, { user });
      expect(await keysOf(two, user)).toEqual([storeKey(session.id)]);
    });

    test("a rotation of the secret hides none", async () => {
      const user = newUser();
      const { key, cookie } = await signIn(getRig().start("web.1", testConfig()), user);
      const rotated = testConfig({ secrets: [SECRETS.b, SECRETS.a] });
      const next = getRig().start("web.2", rotated);
      const second = await signIn(next, user, rotated());
      expect((await keysOf(next, user)).sort()).toEqual([key, second.key].sort());
      const session = await next.read(cookie);
      if (session) await next.touch(session); // sealed again with the new secret
      const done = getRig().start("web.1", testConfig({ secrets: [SECRETS.b] }));
      expect((await keysOf(done, user)).sort()).toEqual([key, second.key].sort());
    });

    test("the store learns no user's id or name", async ({ skip }) => {
      const rig = getRig();
      if (!rig.peek) return skip("there is no store");
      const [one] = twoDynos();
      const user = newUser();
      const { key } = await signIn(one, user);
      const text = (await rig.peek("web.1", key)) ?? "";
      expect(text).not.toContain(user.id);
      expect(text).not.toContain(user.name);
    });

    test("reading a session costs one round trip, signed in or not", async () => {
      const [one] = twoDynos();
      const { cookie } = await signIn(one, newUser());
      const meter: Meter = { roundTrips: 0, milliseconds: 0 };
      await metered(meter, () => openSession(one, testJar(cookie), testConfig()()));
      expect(meter.roundTrips).toBe(1);
    });
  });

  describe("ending listed sessions", () => {
    const asRequest = (strategy: Strategy, { session }: { session: object }) =>
      mySessionsOf(
        strategy,
        async () => session as never,
        (work) => work(),
      );

    test("one, by its fingerprint, on every dyno; the others live", async () => {
      const [one, two] = twoDynos();
      const user = newUser();
      const [mine, phone] = [await signIn(one, user), await signIn(two, user)];
      const listed = await asRequest(one, mine).mySessions();
      expect(listed.filter(({ current }) => current)).toHaveLength(1);
      const other = listed.find(({ current }) => !current)?.fingerprint ?? "";
      expect(other).toBe(phone.session.info?.fingerprint);
      expect(await asRequest(one, mine).endSession(other)).toBe(true);
      expect(await two.read(phone.cookie)).toBeNull();
      expect(await two.read(mine.cookie)).not.toBeNull();
      expect(await asRequest(one, mine).endSession(other)).toBe(false);
    });

    test("one that got new ids since it was listed ends by the listed fingerprint, up to eight ids later", async () => {
      const [one, two] = twoDynos();
      const user = newUser();
      const [mine, phone] = [await signIn(one, user), await signIn(two, user)];
      const listed = phone.session.info?.fingerprint ?? "";
      for (let ids = 0; ids < 8; ids += 1) await phone.session.regenerate(ids % 2 ? {} : { user });
      expect(await two.read(phone.jar.value ?? "")).not.toBeNull();
      expect(await asRequest(one, mine).endSession(listed)).toBe(true);
      expect(await two.read(phone.jar.value ?? "")).toBeNull();
      expect(await keysOf(two, user)).toEqual([mine.key]);

      const tablet = await signIn(two, user);
      const old = tablet.session.info?.fingerprint ?? "";
      for (let ids = 0; ids < 9; ids += 1) await tablet.session.regenerate();
      expect(await asRequest(one, mine).endSession(old)).toBe(false);
      expect(await two.read(tablet.jar.value ?? "")).not.toBeNull();
    });

    test("one that gets a new id at that moment ends, alone or with all others, and what goes on is signed in as nobody", async () => {
      const [one, two] = twoDynos();
      for (let round = 0; round < ROUNDS; round += 1) {
        const user = newUser();
        const [mine, phone] = [await signIn(one, user), await signIn(two, user)];
        const listed = phone.session.info?.fingerprint ?? "";
        const { endSession, endOtherSessions } = asRequest(one, mine);
        await Promise.all([
          round % 2 ? endOtherSessions() : endSession(listed),
          phone.session.regenerate(),
        ]);
        const heir = await one.read(phone.jar.value ?? "");
        expect(heir?.data.user).toBeUndefined();
        expect(await keysOf(two, user)).toEqual([mine.key]);
      }
    });

    test("ids from before a sign-in, or of another user, count for no list", async () => {
      const [one, two] = twoDynos();
      const [user, other] = [newUser(), newUser()];
      const mine = await signIn(one, user);
      const anonymous = await one.create({ visits: 1 });
      const session = await openSession<Fields>(one, testJar(anonymous.cookie), testConfig()());
      const before = session.info?.fingerprint ?? "";
      await session.regenerate({ user: other });
      const theirs = session.info?.fingerprint ?? "";
      await session.regenerate({ user });
      for (const id of [before, theirs])
        expect(await asRequest(two, mine).endSession(id)).toBe(false);
      expect(await two.list(user.id)).toHaveLength(2);
    });

    test("never another user's, whatever fingerprint is asked for", async () => {
      const [one, two] = twoDynos();
      const [mine, theirs] = [await signIn(one, newUser()), await signIn(one, newUser())];
      const fingerprint = theirs.session.info?.fingerprint ?? "";
      expect(await asRequest(two, mine).endSession(fingerprint)).toBe(false);
      await asRequest(two, mine).endOtherSessions();
      expect(await one.read(theirs.cookie)).not.toBeNull();
    });

    test.each(["now", "before a new id"])(
      "the own one, by the fingerprint that it has %s: the cookie goes too",
      async (when) => {
        const [one, two] = twoDynos();
        const mine = await signIn(one, newUser());
        const own = mine.session.info?.fingerprint ?? "";
        if (when !== "now") await mine.session.regenerate();
        const { value } = mine.jar;
        expect(await asRequest(two, mine).endSession(own)).toBe(true);
        expect(mine.jar.value).toBeUndefined();
        expect(await two.read(value ?? "")).toBeNull();
      },
    );

    test("all of a user, as an administrator does", async () => {
      const [one, two] = twoDynos();
      const user = newUser();
      const sessions = [await signIn(one, user), await signIn(two, user)];
      const other = await signIn(one, newUser());
      const admin = asRequest(one, other);
      expect(await admin.endSessionsOf(user.id)).toBe(2);
      for (const { cookie } of sessions) expect(await two.read(cookie)).toBeNull();
      expect(await two.read(other.cookie)).not.toBeNull();
    });

    test("a write under way does not bring an ended session back, into the list or at all", async () => {
      const [one, two] = twoDynos();
      for (let round = 0; round < ROUNDS; round += 1) {
        const user = newUser();
        const { session, cookie } = await signIn(one, user);
        const open = await one.read(cookie);
        if (!open) throw new Error("the session is not there");
        await Promise.all([
          session.update((fields) => {
            fields.visits = 7;
          }),
          one.touch(open),
          endSessions(two, user.id, (all) => all),
        ]);
        expect(await one.read(cookie)).toBeNull();
        expect(await two.list(user.id)).toEqual([]);
      }
    });

    test("all others while users sign in on both dynos: what was acknowledged before has ended, what starts after lives, and what lives is listed", async () => {
      const [one, two] = twoDynos();
      const dynos = [one, two];
      for (let round = 0; round < ROUNDS; round += 1) {
        const user = newUser();
        const mine = await signIn(one, user);
        const before = await Promise.all([signIn(one, user), signIn(two, user)]);
        const [, , during] = await Promise.all([
          asRequest(one, mine).endOtherSessions(),
          before[0].session.regenerate(), // with a new id it would escape a list that is read once
          Promise.all(dynos.map((dyno) => signIn(dyno, user))),
        ]);
        const after = await signIn(two, user);
        const isAlive = async ({ jar }: { jar: { value: string | undefined } }) =>
          (await one.read(jar.value ?? "")) !== null;
        const heir = await one.read(before[0].jar.value ?? "");
        expect(heir?.data.user).toBeUndefined(); // it may be there, but signed in as nobody
        expect(await Promise.all([mine, before[1], after].map(isAlive))).toEqual([
          true,
          false,
          true,
        ]);
        const alive = [];
        for (const sign of [mine, ...during, after]) if (await isAlive(sign)) alive.push(sign.key);
        for (const dyno of dynos) expect((await keysOf(dyno, user)).sort()).toEqual(alive.sort());
      }
    });
  });

  describe("SESSION_MAX_PER_USER", () => {
    const MAX = 2;
    const config = testConfig({ maxPerUser: MAX });

    test("one more sign-in ends the oldest session of that user, and of nobody else", async () => {
      const [one, two] = twoDynos(config);
      const [user, other] = [newUser(), newUser()];
      const theirs = await signIn(one, other, config());
      const mine = [];
      for (const dyno of [one, two, one]) {
        mine.push(await signIn(dyno, user, config()));
        await new Promise((done) => setTimeout(done, 2));
      }
      const alive = await Promise.all(mine.map(({ cookie }) => two.read(cookie)));
      expect(alive.map((session) => session !== null)).toEqual([false, true, true]);
      expect(await two.read(theirs.cookie)).not.toBeNull();
    });

    test("a session that gets its user by a write counts as well", async () => {
      const [one, two] = twoDynos(config);
      const user = newUser();
      const first = await signIn(one, user, config());
      for (const isNew of [true, false]) {
        await new Promise((done) => setTimeout(done, 2));
        const cookie = isNew ? undefined : (await two.create({ visits: 1 })).cookie;
        const session = await openSession<Fields>(two, testJar(cookie), config());
        await session.update((fields) => {
          fields.user = user;
        });
      }
      expect(await one.read(first.cookie)).toBeNull();
      expect(await one.list(user.id)).toHaveLength(MAX);
    });

    test("sign-ins at once on both dynos leave exactly the maximum, and another user's session", async () => {
      const dynos = twoDynos(config);
      for (let round = 0; round < ROUNDS; round += 1) {
        const [user, other] = [newUser(), newUser()];
        const theirs = signIn(dynos[round % 2] ?? dynos[0], other, config());
        const signIns = Array.from({ length: 6 }, (_, i) =>
          signIn(dynos[i % 2] ?? dynos[0], user, config()),
        );
        const cookies = (await Promise.all(signIns)).map(({ cookie }) => cookie);
        expect(await dynos[0].read((await theirs).cookie)).not.toBeNull();
        const alive = await Promise.all(cookies.map((cookie) => dynos[1].read(cookie)));
        expect(alive.filter((session) => session !== null)).toHaveLength(MAX);
        expect(await dynos[0].list(user.id)).toHaveLength(MAX);
      }
    });
  });
}
