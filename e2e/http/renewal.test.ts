import { setTimeout as sleep } from "node:timers/promises";
import { type App, up } from "@repo/dynos";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { newVisitor } from "./visitor.ts";

const IDLE_SECONDS = 30;
/** A tenth of the idle lifetime, after which a use moves the expiry, and some. */
const DUE_MS = IDLE_SECONDS * 100 + 500;
const apps = inject("areOurs") ? builtApps() : [];

// At once, for they mostly wait.
describe.concurrent.each(apps)("$name", ({ dir, manifest, name }) => {
  let app: App;

  beforeAll(async () => {
    const env = { SESSION_IDLE_SECONDS: String(IDLE_SECONDS) };
    app = await up({
      dir,
      manifest,
      env,
      web: 1,
      name: `renewal-${name.replace(":", "-")}-${process.pid}`,
    });
  });
  afterAll(() => app?.down());

  test("a visitor who only reads pages stays known: the expiry moves, and no more often than it has to", async () => {
    const ada = newVisitor(app.httpsUrl);
    const first = (await ada.visit()).json;
    const cookie = await ada.sessionCookie();
    expect((await ada.get("/")).cookies).toEqual([]);

    await sleep(DUE_MS);
    const page = await ada.get("/");
    const { session } = (await ada.get("/api/session")).json;
    expect(session.fingerprint).toBe(first.session.fingerprint);
    expect(Date.parse(session.expiresAt)).toBeGreaterThan(
      Date.parse(first.session.expiresAt) + IDLE_SECONDS * 100,
    );
    expect(page.headers["cache-control"]).toMatch(/private.*no-store/);
    if (first.strategy === "cookie") expect(await ada.sessionCookie()).not.toBe(cookie);
    else expect(page.cookies).toEqual([]);
    expect((await ada.get("/")).cookies).toEqual([]);
  });

  test("a visitor whose pages only read the API stays known too", async () => {
    const ada = newVisitor(app.httpsUrl);
    const first = (await ada.visit()).json;
    expect((await ada.get("/api/session")).cookies).toEqual([]);

    await sleep(DUE_MS);
    const read = await ada.get("/api/session");
    expect(read.json.session).toMatchObject({ visits: 1, fingerprint: first.session.fingerprint });
    expect(Date.parse(read.json.session.expiresAt)).toBeGreaterThan(
      Date.parse(first.session.expiresAt) + IDLE_SECONDS * 100,
    );
    expect(read.cookies).toHaveLength(first.strategy === "cookie" ? 1 : 0);
    const again = await ada.get("/api/session");
    expect(again.json.session).toEqual(read.json.session);
    expect(again.cookies).toEqual([]);
  });

  test("polls of next-auth are no use of a session: they write nothing, and move no expiry", async () => {
    const ada = newVisitor(app.httpsUrl);
    await ada.signIn("Ada");
    const { expires } = (await ada.get("/api/auth/session")).json;
    await sleep(DUE_MS);
    const poll = await ada.get("/api/auth/session");
    expect([poll.json.expires, poll.cookies]).toEqual([expires, []]);
  });
});
