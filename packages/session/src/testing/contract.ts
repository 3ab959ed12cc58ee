import { describe, expect, test } from "vitest";
import { MAX_COOKIE_CHARACTERS } from "../config.ts";
import { SessionStoreError, SessionTooLargeError } from "../errors.ts";
import { storeKey } from "../store/ids.ts";
import { keepsOnServer, type Rig, testConfig } from "./rig.ts";

/** What `contract.ts` promises, on one dyno. What needs two of them is in `traits.ts`. */
export function describeContract(getRig: () => Rig, maxBytes: number): void {
  const start = () => getRig().start("web.1", testConfig());

  describe("create and read", () => {
    test("a session is read again as it was created, as often as one likes", async () => {
      const strategy = start();
      const data = {
        note: 'ä "quoted" \u0000 🍪',
        list: [1, { deep: null }],
        no: false,
        gone: undefined,
      };
      const created = await strategy.create(data);
      for (const session of [
        created,
        await strategy.read(created.cookie),
        await strategy.read(created.cookie),
      ]) {
        expect(session).toMatchObject({
          id: created.id,
          createdAt: created.createdAt,
          cookie: created.cookie,
        });
        expect(JSON.stringify(session?.data)).toBe(JSON.stringify(data));
      }
    });

    test("what a reader does to the data is nothing to the next reader", async () => {
      const strategy = start();
      const { cookie } = await strategy.create({ user: { name: "Ada" } });
      const session = await strategy.read(cookie);
      Object.assign(session?.data.user ?? {}, { name: "Eve" });
      expect((await strategy.read(cookie))?.data).toEqual({ user: { name: "Ada" } });
    });

    test("each session has a different id of 256 random bits", async () => {
      const strategy = start();
      const sessions = await Promise.all(Array.from({ length: 20 }, () => strategy.create({})));
      expect(new Set(sessions.map(({ id }) => id)).size).toBe(20);
      for (const { id } of sessions) expect(Buffer.from(id, "base64url")).toHaveLength(32);
    });

    test("parallel reads of different sessions get each their own", async () => {
      const strategy = start();
      const numbers = Array.from({ length: 30 }, (_, number) => number);
      const sessions = await Promise.all(numbers.map((number) => strategy.create({ number })));
      const read = await Promise.all(sessions.map(({ cookie }) => strategy.read(cookie)));
      expect(read.map((session) => session?.data.number)).toEqual(numbers);
    });

    test("the cookie needs no quoting and is short enough for browsers and next-auth, even when the session is full", async () => {
      const strategy = start();
      const empty = Buffer.byteLength(JSON.stringify({ note: "" }));
      const note = "x".repeat(maxBytes - empty);
      const { cookie } = await strategy.create({ note });
      expect(cookie).toMatch(/^[\w!#$%&'()*+\-./:<=>?@[\]^`{|}~]+$/);
      expect(cookie.length).toBeLessThanOrEqual(MAX_COOKIE_CHARACTERS);
      expect((await strategy.read(cookie))?.data.note).toBe(note);
    });

    test("a session holds `maxBytes` of JSON, counted in bytes, and says so when it is more", async () => {
      const strategy = start();
      expect(strategy.maxBytes).toBe(maxBytes);
      const tooMuch = { note: "ä".repeat(maxBytes / 2) };
      const error = await strategy.create(tooMuch).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(SessionTooLargeError);
      expect(error.maxBytes).toBe(maxBytes);
      const session = await strategy.create({});
      await expect(strategy.update(session, tooMuch)).rejects.toThrow(SessionTooLargeError);
    });

    test("the store holds neither the id nor the data in the clear", async ({ skip }) => {
      const { peek } = getRig();
      if (!peek) return skip("there is no store");
      const { id } = await start().create({ note: "needle" });
      const record = await peek("web.1", storeKey(id));
      expect(record).toBeTruthy();
      for (const secret of [id, "needle", Buffer.from("needle").toString("base64")]) {
        expect(record).not.toContain(secret);
      }
      expect(await peek("web.1", id)).toBeNull();
    });
  });

  describe("update", () => {
    test("replaces the data and keeps the id", async () => {
      const strategy = start();
      const session = await strategy.create({ visits: 1, note: "old" });
      const updated = await strategy.update(session, { visits: 2 });
      if (updated.result !== "saved") throw new Error(updated.result);
      expect(updated.session).toMatchObject({
        id: session.id,
        createdAt: session.createdAt,
        data: { visits: 2 },
      });
      const read = await strategy.read(updated.session.cookie);
      expect(read?.data).toEqual({ visits: 2 });
      expect(read?.id).toBe(session.id);
    });

    test("of two writers who read the same version one is saved and one conflicts, where there are versions", async () => {
      const strategy = start();
      const { cookie } = await strategy.create({ visits: 0 });
      const [one, two] = await Promise.all([strategy.read(cookie), strategy.read(cookie)]);
      if (!one || !two) throw new Error("not found");
      const updates = await Promise.all([
        strategy.update(one, { visits: 1 }),
        strategy.update(two, { visits: 2 }),
      ]);
      const results = updates.map(({ result }) => result).sort();
      expect(results).toEqual(keepsOnServer(strategy) ? ["conflict", "saved"] : ["saved", "saved"]);
    });

    test("never brings back what was destroyed, where there is something to destroy", async () => {
      const strategy = start();
      const session = await strategy.create({ user: { name: "Ada" } });
      await strategy.destroy(session);
      const isGone = keepsOnServer(strategy);
      expect((await strategy.update(session, { visits: 9 })).result).toBe(
        isGone ? "gone" : "saved",
      );
      expect((await strategy.read(session.cookie)) === null).toBe(isGone);
    });
  });

  describe("touch", () => {
    test("leaves the data alone, and a version that was read before it is still good for an update", async () => {
      const strategy = start();
      const session = await strategy.create({ visits: 1 });
      const touched = await strategy.touch(session);
      expect(touched?.data).toEqual({ visits: 1 });
      expect(touched?.expiresAt).toBeGreaterThanOrEqual(session.expiresAt);
      const updated = await strategy.update(session, { visits: 2 });
      expect(updated.result).toBe("saved");
    });

    test("never brings back what was destroyed, where there is something to destroy", async () => {
      const strategy = start();
      const session = await strategy.create({});
      await strategy.destroy(session);
      const isGone = keepsOnServer(strategy);
      expect((await strategy.touch(session)) === null).toBe(isGone);
      expect((await strategy.read(session.cookie)) === null).toBe(isGone);
    });
  });

  test("destroying a session twice is not an error", async () => {
    const strategy = start();
    const session = await strategy.create({});
    await strategy.destroy(session);
    await strategy.destroy(session);
  });

  test("a strategy whose store answers is ready", async () => {
    await start().ready();
  });

  test("a store that fails is a SessionStoreError that names it, from every verb", async ({
    skip,
  }) => {
    const { startBroken } = getRig();
    if (!startBroken) return skip("there is no store");
    const session = await start().create({});
    const broken = startBroken(testConfig());
    const verbs = [
      broken.read(session.cookie),
      broken.create({}),
      broken.update(session, {}),
      broken.touch(session),
      broken.destroy(session),
      broken.ready(),
    ].map((verb) =>
      verb.then(
        () => "no error",
        (thrown: unknown) => thrown,
      ),
    );
    for (const error of await Promise.all(verbs)) {
      expect(error).toBeInstanceOf(SessionStoreError);
      const { store, message } = error as SessionStoreError;
      expect(store).toBeTruthy();
      expect(message).toContain(store);
    }
    await broken.close();
  });
}
