import { describe, expect, test } from "vitest";
import { SESSION_COOKIE } from "../config.ts";
import { testApp, testBrowser } from "./browser.ts";
import { keepsOnServer, type Rig, SECRETS, testClock, testConfig } from "./rig.ts";

const ADA = { name: "Ada" };
/** As the session keeps it. */
const KEPT = { id: "credentials:Ada", ...ADA };

/** next-auth on this strategy: its sign-in works, or breaks, with the session. */
export function describeSignIn(getRig: () => Rig): void {
  function open(config = testConfig()) {
    const strategy = getRig().start("web.1", config);
    const app = testApp(strategy, config);
    const browser = testBrowser();
    const cookie = () => browser.cookies.get(SESSION_COOKIE) ?? "";
    const note = (text: string) =>
      browser.visit(app, async (session) => {
        session.note = text;
        await session.save();
      });
    const fields = () => browser.visit(app, async (session) => ({ ...session }));
    return { strategy, app, browser, cookie, note, fields };
  }

  describe("sign-in by next-auth", () => {
    test("shows next-auth and getSession() the same user", async () => {
      const { app, browser, fields } = open();
      expect(await browser.whoAmI(app)).toEqual({});
      const { response } = await browser.signIn(app, "Ada");
      expect(response.status).toBe(302);
      expect(await browser.whoAmI(app)).toMatchObject({ user: ADA });
      expect(await fields()).toEqual({ user: KEPT });
    });

    test("gives a new id, carries the anonymous session's data over, and ends that session where it can", async () => {
      const { app, browser, cookie, note, fields, strategy } = open();
      await note("hello");
      const anonymous = cookie();
      const before = await strategy.read(anonymous);
      await browser.signIn(app, "Ada");
      expect(await fields()).toEqual({ note: "hello", user: KEPT });
      expect((await strategy.read(cookie()))?.id).not.toBe(before?.id);
      expect((await strategy.read(anonymous)) === null).toBe(keepsOnServer(strategy));
    });

    test("carries nothing from one user to another, and everything within one", async () => {
      const { app, browser, cookie, note, fields, strategy } = open();
      await browser.signIn(app, "Ada");
      await note("of Ada");
      await browser.signIn(app, "Ada");
      expect(await fields()).toEqual({ note: "of Ada", user: KEPT });
      const before = cookie();
      await browser.signIn(app, "Bob");
      expect(await fields()).toEqual({ user: { id: "credentials:Bob", name: "Bob" } });
      expect((await strategy.read(before)) === null).toBe(keepsOnServer(strategy));
    });

    test("an anonymous session has no user in next-auth, and stays", async () => {
      const { app, browser, cookie, note, fields } = open();
      await note("hello");
      const before = cookie();
      expect(await browser.whoAmI(app)).toEqual({});
      expect(cookie()).toBe(before);
      expect(await fields()).toEqual({ note: "hello" });
    });

    test("signing out ends the session, and a copy of its cookie where the session can be revoked", async () => {
      const { app, browser, cookie, strategy, fields } = open();
      await browser.signIn(app, "Ada");
      const copy = cookie();
      await browser.signOut(app);
      expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
      expect(await fields()).toEqual({});
      expect((await strategy.read(copy)) === null).toBe(keepsOnServer(strategy));
    });

    test("takes no name that is blank, and no form without its CSRF token", async () => {
      const { app, browser } = open();
      expect((await browser.signIn(app, "   ")).response.status).not.toBe(200);
      const form = { name: "Mallory", csrfToken: "made-up" };
      (await browser.auth(app, "callback/credentials", { form })).arrive();
      expect(await browser.whoAmI(app)).toEqual({});
    });

    test("a form that was made before a rotation is taken after it", async () => {
      const before = open(testConfig({ secrets: [SECRETS.a, SECRETS.b] }));
      const after = open(testConfig({ secrets: [SECRETS.b, SECRETS.a] }));
      const csrfToken = await before.browser.csrfToken(before.app);
      const form = { name: "Ada", csrfToken };
      (await before.browser.auth(after.app, "callback/credentials", { form })).arrive();
      expect(await before.browser.whoAmI(after.app)).toMatchObject({ user: ADA });
    });

    test("works with a session that is full to the last byte, and says 413 when it is one byte more", async () => {
      const { app, browser, note, fields, strategy } = open();
      const empty = Buffer.byteLength(JSON.stringify({ note: "", user: KEPT }));
      const full = "x".repeat(strategy.maxBytes - empty);
      await note(full);
      await browser.signIn(app, "Ada");
      expect(await browser.whoAmI(app)).toMatchObject({ user: ADA });
      expect(await fields()).toEqual({ note: full, user: KEPT });
      expect([...browser.cookies.keys()].filter((name) => name.startsWith(SESSION_COOKIE))).toEqual(
        [SESSION_COOKIE],
      );

      const other = open();
      await other.note(`${full}x`);
      const { response, sessionCookie } = await other.browser.signIn(other.app, "Ada");
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ maxBytes: strategy.maxBytes });
      expect(sessionCookie).toBeUndefined();
      expect(await other.fields()).toEqual({ note: `${full}x` });
    });
  });

  describe("GET /api/auth/session", () => {
    test("writes nothing: five reads are five round trips, and no cookie is sent", async () => {
      const { app, browser, strategy } = open();
      await browser.signIn(app, "Ada");
      for (let reads = 0; reads < 5; reads += 1) {
        const { response, sessionCookie, storeTrips } = await browser.auth(app, "session");
        expect(await response.json()).toMatchObject({ user: ADA });
        expect(sessionCookie).toBeUndefined();
        expect(response.headers.getSetCookie().join()).not.toContain(SESSION_COOKIE);
        expect(storeTrips).toBe(keepsOnServer(strategy) ? 1 : 0);
      }
    });

    test("moves no expiry: a tab left open does not keep a session alive", async () => {
      const clock = testClock();
      const config = testConfig({ now: clock.now });
      const { app, browser, cookie, strategy } = open(config);
      await browser.signIn(app, "Ada");
      const before = await strategy.read(cookie());
      clock.advance(config().idleSeconds / 2);
      expect(await browser.whoAmI(app)).toMatchObject({ user: ADA });
      expect((await strategy.read(cookie()))?.expiresAt).toBe(before?.expiresAt);
    });

    test("a poll that was under way during a sign-in does not put the old session back", async () => {
      const { app, browser, note } = open();
      await note("hello");
      const poll = await browser.auth(app, "session");
      await browser.signIn(app, "Ada");
      poll.arrive();
      expect(await browser.whoAmI(app)).toMatchObject({ user: ADA });
    });

    test("a poll with a cookie that is no session does not delete the cookie that came meanwhile", async () => {
      const { app, browser } = open();
      browser.cookies.set(SESSION_COOKIE, "stale");
      const poll = await browser.auth(app, "session");
      await browser.signIn(app, "Ada");
      poll.arrive();
      expect(await browser.whoAmI(app)).toMatchObject({ user: ADA });
    });
  });

  test("a store that fails signs no visitor out: 503, no cookie is deleted, and the session is found again", async ({
    skip,
  }) => {
    const { startBroken } = getRig();
    if (!startBroken) return skip("there is no store");
    const { app, browser, cookie } = open();
    await browser.signIn(app, "Ada");
    const before = cookie();
    const broken = startBroken(testConfig());
    const down = testApp(broken, testConfig());
    const csrfToken = await browser.csrfToken(app);
    const answers = [
      await browser.auth(down, "session"),
      await browser.auth(down, "signout", { form: { csrfToken } }),
      await browser.auth(down, "callback/credentials", { form: { csrfToken, name: "Eve" } }),
    ];
    for (const { response, arrive } of answers) {
      expect(response.status).toBe(503);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      arrive();
    }
    expect(cookie()).toBe(before);
    expect(await browser.whoAmI(app)).toMatchObject({ user: ADA });
    await broken.close();
  });

  test("a forged X-Forwarded-Host reaches no link and no redirect", async () => {
    const { app, browser } = open();
    const forged = { "x-forwarded-host": "evil.example" };
    const { response } = await browser.signIn(app, "Ada", forged);
    const providers = await browser.auth(app, "providers", { headers: forged });
    const sent =
      [...response.headers, ...providers.response.headers].join() +
      (await providers.response.text());
    expect(sent).not.toContain("evil.example");
    expect(response.headers.get("location")).toBe("https://app.example/");
  });
}
