import { type App, up } from "@repo/dynos";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { newVisitor, type Visitor } from "./visitor.ts";

const withStore = inject("areOurs") ? builtApps().filter(({ addons }) => addons.length) : [];

describe.each(withStore)("$name, when its store fails", (built) => {
  let app: App;
  let ada: Visitor;

  beforeAll(async () => {
    const { dir, manifest, name } = built;
    const runName = `outage-${name.replace(":", "-")}-${process.pid}`;
    app = await up({ dir, manifest, web: 1, name: runName });
    ada = newVisitor(app.httpsUrl);
    await ada.visit("kept");
    await ada.signIn("Ada");
    await app.addonDisturb(app.addons()[0]?.name ?? "", { kind: "cut" });
  });
  afterAll(() => app?.down());

  test.each([
    ["GET", "/api/session"],
    ["POST", "/api/session"],
    ["DELETE", "/api/session"],
    ["GET", "/api/auth/session"],
  ])(
    "%s %s is a 503 that says when to come back, and takes no cookie away",
    async (method, path) => {
      const { status, headers, json, cookies } = await ada.send(method, path);
      expect(status).toBe(503);
      expect(headers["content-type"]).toBe("application/problem+json");
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      expect(json).toMatchObject({ status: 503, title: expect.any(String) });
      expect(cookies.filter((line) => line.includes("session="))).toEqual([]);
    },
  );

  test("/readyz says 503 with the reason; /healthz and /api/plain are well", async () => {
    const ready = await ada.get("/readyz");
    expect([ready.status, ready.headers["content-type"]]).toEqual([
      503,
      "application/problem+json",
    ]);
    expect((await ada.get("/healthz")).status).toBe(200);
    expect((await ada.get("/api/plain")).status).toBe(200);
  });

  test("the page says so in words, and takes no cookie away", async () => {
    const { status, text, cookies } = await ada.get("/");
    expect(status).toBe(200);
    expect(text).toContain("The session store does not answer.");
    expect(cookies).toEqual([]);
  });

  test("a visitor without a cookie does not notice: there is nothing to look up", async () => {
    const stranger = newVisitor(app.httpsUrl);
    expect((await stranger.get("/api/session")).status).toBe(200);
    expect((await stranger.get("/")).text).toContain("No session yet");
  });

  test("a sign-out that could not be done is not claimed", async () => {
    const { status } = await ada.signOut();
    expect(status).toBe(503);
    expect(await ada.sessionCookie()).not.toBe("");
  });

  test("when the store is back, so is the session, with the user still signed in", async () => {
    await app.addonDisturb(app.addons()[0]?.name ?? "", null);
    await expect.poll(async () => (await ada.get("/readyz")).status).toBe(200);
    expect(await ada.session()).toMatchObject({ visits: 1, note: "kept", user: { name: "Ada" } });
  });
});
