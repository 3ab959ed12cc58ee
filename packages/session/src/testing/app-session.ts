import { describe, expect, test } from "vitest";
import type { SessionConfig } from "../config.ts";
import { SessionConflictError, SessionFieldError, SessionStoreError } from "../errors.ts";
import { openSession } from "../session/open-session.ts";
import { newId } from "../store/ids.ts";
import { type Meter, metered } from "../store/round-trips.ts";
import { DAY_SECONDS, keepsOnServer, type Rig, testClock, testConfig, testJar } from "./rig.ts";

interface Fields {
  visits: number;
  note: string;
  user: { name: string };
}

const visit = (fields: Partial<Fields>) => {
  fields.visits = (fields.visits ?? 0) + 1;
};

/** What app code sees, on this strategy: the object that `getSession()` gives. */
export function describeAppSession(getRig: () => Rig): void {
  /** A dyno, a browser, and requests from the one to the other. */
  function open(changes: Partial<SessionConfig> = {}, cookie?: string) {
    const config = testConfig(changes);
    const strategy = getRig().start("web.1", config);
    const jar = testJar(cookie);
    const meter: Meter = { roundTrips: 0, milliseconds: 0 };
    const run = <T>(work: () => Promise<T>) => metered(meter, work);
    const request = () => run(() => openSession<Fields>(strategy, jar, config(), { run }));
    /** As many on a server, none where the cookie is the session. */
    const roundTrips = (count: number) => (keepsOnServer(strategy) ? count : 0);
    return { strategy, jar, meter, request, roundTrips };
  }

  describe("the session of a request", () => {
    test("begins empty, and reading begins nothing", async () => {
      const { jar, request, meter } = open();
      const session = await request();
      expect({ ...session }).toEqual({});
      expect(session.user?.name).toBeUndefined();
      expect(session).toMatchObject({ info: null, sessionOutcome: "none" });
      expect(jar.value).toBeUndefined();
      expect(meter.roundTrips).toBe(0);
    });

    test("is written by save, and read again with one round trip", async () => {
      const { jar, request, meter, roundTrips } = open();
      const session = await request();
      session.note = "hello";
      expect(await session.save()).toBe("saved");
      expect(meter.roundTrips).toBe(roundTrips(1));
      const next = await request();
      expect({ ...next }).toEqual({ note: "hello" });
      expect(next.sessionOutcome).toBe("found");
      expect(next.info?.fingerprint).toBe(session.info?.fingerprint);
      expect(meter.roundTrips).toBe(roundTrips(2));
      expect(jar.value).toBeDefined();
    });

    test("costs no write when nothing has changed", async () => {
      const { jar, request, meter } = open();
      await (await request()).update(visit);
      const [cookie, before] = [jar.value, meter.roundTrips];
      const session = await request();
      session.visits = 1;
      await session.save();
      await session.update((fields) => {
        fields.visits = 1;
      });
      expect(jar.value).toBe(cookie);
      expect(meter.roundTrips - before).toBeLessThanOrEqual(1);
    });

    test("takes one round trip to read and one to update", async () => {
      const { request, meter, roundTrips } = open();
      await (await request()).update(visit);
      meter.roundTrips = 0;
      await (await request()).update(visit);
      expect(meter.roundTrips).toBe(roundTrips(2));
    });

    test("drops a field that was deleted", async () => {
      const { request } = open();
      const session = await request();
      Object.assign(session, { note: "a", visits: 1 });
      await session.save();
      delete session.note;
      await session.save();
      expect({ ...(await request()) }).toEqual({ visits: 1 });
    });

    test("never takes an id that the client made up", async () => {
      const planted = newId();
      const { jar, request, strategy } = open({}, planted);
      const session = await request();
      expect(session.sessionOutcome).toBe("lost");
      await session.update(visit);
      expect(jar.value).not.toBe(planted);
      expect(await strategy.read(planted)).toBeNull();
    });

    test("save reports that another request wrote meanwhile, where there are versions; update loses no write", async () => {
      const { request, strategy } = open();
      await (await request()).update(visit);
      const [one, two, three] = [await request(), await request(), await request()];
      await one.update(visit);
      two.note = "late";
      if (!keepsOnServer(strategy)) return expect(await two.save()).toBe("saved");
      await expect(two.save()).rejects.toThrow(SessionConflictError);
      await three.update(visit);
      expect((await request()).visits).toBe(3);
    });
  });

  describe("names that a field cannot have", () => {
    const names = [
      "info",
      "sessionOutcome",
      "save",
      "update",
      "regenerate",
      "destroy",
      "__proto__",
    ];

    test.each(names)("%s is refused when writing, and nothing is written", async (name) => {
      const { request } = open();
      await (await request()).update(visit);
      const body = JSON.parse(`{"note":"from a client","${name}":{"isAdmin":true}}`);
      const session = await request();
      const write = session.update((fields) => void Object.assign(fields, body));
      await expect(write).rejects.toThrow(SessionFieldError);
      await expect(write).rejects.toThrow(`\`${name}\``);
      await expect(session.regenerate({ [name]: 1 })).rejects.toThrow(SessionFieldError);
      expect({ ...(await request()) }).toEqual({ visits: 1 });
    });

    test("are left out of data that has them already: such a session is read, written and ended", async () => {
      const { jar, request, strategy } = open();
      const old =
        '{"note":"kept","save":1,"update":null,"sessionOutcome":{},"__proto__":{"isAdmin":true},';
      const data = JSON.parse(`${old}"user":{"name":"Ada","__proto__":{"isAdmin":true}}}`);
      jar.value = (await strategy.create(data)).cookie;
      const session = await request();
      expect({ ...session }).toEqual({ note: "kept", user: { name: "Ada" } });
      expect(session.sessionOutcome).toBe("found");
      expect([session, session.user].map((value) => Reflect.get(value ?? {}, "isAdmin"))).toEqual([
        undefined,
        undefined,
      ]);
      await session.update(visit);
      expect({ ...(await request()) }).toEqual({ note: "kept", visits: 1, user: { name: "Ada" } });
      await (await request()).regenerate();
      await (await request()).destroy();
      expect({ ...(await request()) }).toEqual({});
    });
  });

  describe("regenerate", () => {
    test("gives a new id with the same fields, and the old id is dead where it can be", async () => {
      const { jar, request, strategy } = open();
      const session = await request();
      await session.update(visit);
      const [old, fingerprint] = [jar.value ?? "", session.info?.fingerprint];
      await session.regenerate({ user: { name: "Ada" } });
      expect({ ...session }).toEqual({ visits: 1, user: { name: "Ada" } });
      expect(session.info?.fingerprint).not.toBe(fingerprint);
      expect({ ...(await request()) }).toEqual({ visits: 1, user: { name: "Ada" } });
      expect((await strategy.read(old)) === null).toBe(keepsOnServer(strategy));
    });

    test("does not carry over what was signed out meanwhile", async ({ skip }) => {
      const { request, strategy } = open();
      if (!keepsOnServer(strategy)) return skip("there is nothing to destroy");
      await (await request()).regenerate({ user: { name: "Ada" } });
      const [late, other] = [await request(), await request()];
      await other.destroy();
      await late.regenerate();
      expect({ ...late }).toEqual({});
    });
  });

  describe("destroy", () => {
    test("empties the session and the browser, and is final for this request", async () => {
      const { jar, request } = open();
      const session = await request();
      await session.update(visit);
      await session.destroy();
      expect({ ...session }).toEqual({});
      expect(session.info).toBeNull();
      session.note = "late";
      expect(await session.save()).toBe("gone");
      expect(await session.update(visit)).toBe("gone");
      expect(jar.value).toBeUndefined();
    });

    test("is final for a request in progress in another browser tab, whatever it does late", async () => {
      const { jar, request, strategy } = open();
      await (await request()).regenerate({ user: { name: "Ada" } });
      const cookie = jar.value ?? "";
      const [saving, updating, signingOut] = [await request(), await request(), await request()];
      await signingOut.destroy();
      const outcome = keepsOnServer(strategy) ? "gone" : "saved";
      saving.note = "late";
      expect(await saving.save()).toBe(outcome);
      expect(await updating.update(visit)).toBe(outcome);
      expect((await strategy.read(cookie)) === null).toBe(keepsOnServer(strategy));
      expect(jar.value === undefined).toBe(keepsOnServer(strategy));
      // Where the late answer put the cookie back, the browser's marker tells that its session was ended.
      const next = await request();
      expect({ ...next }).toEqual({});
      await next.update(visit);
      expect({ ...(await request()) }).toEqual({ visits: 1 });
    });

    test("is not undone by a renewal that was in progress", async () => {
      const clock = testClock();
      const { request } = open({ now: clock.now });
      await (await request()).regenerate({ user: { name: "Ada" } });
      const signingOut = await request();
      clock.advance(2 * DAY_SECONDS);
      const renewing = request();
      await signingOut.destroy();
      await renewing;
      expect({ ...(await request()) }).toEqual({});
    });
  });

  test("the expiry moves once per tenth of the idle lifetime, and a visitor who only reads stays known", async () => {
    const clock = testClock();
    const { jar, request, strategy, meter } = open({ now: clock.now });
    await (await request()).update(visit);
    for (let days = 2; days <= 28; days += 2) {
      clock.advance(2 * DAY_SECONDS);
      const readOnce = async () => {
        meter.roundTrips = 0;
        const before = jar.value;
        expect((await request()).sessionOutcome).toBe("found");
        return { trips: meter.roundTrips, isNewCookie: jar.value !== before };
      };
      // From day 16 on the expiry is the absolute end: there is nothing left to move. (memcached moves it in two trips.)
      const [first, second] = [await readOnce(), await readOnce()];
      const isMoved = days <= 16;
      if (keepsOnServer(strategy)) {
        expect([first.trips > 1, second.trips]).toEqual([isMoved, 1]);
        expect([first.isNewCookie, second.isNewCookie]).toEqual([false, false]);
      } else {
        expect([first.isNewCookie, second.isNewCookie]).toEqual([isMoved, false]);
      }
    }
    clock.advance(2 * DAY_SECONDS);
    expect((await request()).sessionOutcome).toBe("lost");
  });

  test("where a read cannot set a cookie, as in a component, it sets none", async () => {
    const clock = testClock();
    const { jar, request } = open({ now: clock.now });
    await (await request()).update(visit);
    clock.advance(2 * DAY_SECONDS);
    const before = jar.value;
    Object.assign(jar, { canRenew: false });
    expect((await request()).sessionOutcome).toBe("found");
    expect(jar.value).toBe(before);
  });

  test("a store that fails is an error, and the browser keeps its cookie", async ({ skip }) => {
    const { startBroken } = getRig();
    if (!startBroken) return skip("there is no store");
    const jar = testJar(newId());
    const [cookie, broken] = [jar.value, startBroken(testConfig())];
    await expect(openSession(broken, jar, testConfig()())).rejects.toThrow(SessionStoreError);
    expect(jar.value).toBe(cookie);
    await broken.close();
  });
}
