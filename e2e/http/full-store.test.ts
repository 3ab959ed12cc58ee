import { type App, up } from "@repo/dynos";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { newVisitor } from "./visitor.ts";

const IDLE_SECONDS = 10;
const apps = inject("areOurs") ? builtApps().filter(({ name }) => name === "cache-app:redis") : [];

describe.each(apps)("$name, when Redis is full and evicts nothing", ({ dir, manifest, name }) => {
  let app: App;

  beforeAll(async () => {
    const env = { SESSION_IDLE_SECONDS: String(IDLE_SECONDS) };
    const runName = `full-${name.replace(":", "-")}-${process.pid}`;
    app = await up({ dir, manifest, env, web: 1, name: runName });
  });
  afterAll(() => app?.down());

  async function fillUp() {
    const { REDIS_URL = "" } = app.config();
    const tls = REDIS_URL.startsWith("rediss:") && {
      tls: true as const,
      rejectUnauthorized: false,
    };
    const client = createClient({ url: REDIS_URL, socket: { ...tls } });
    await client.connect();
    await client.configSet({ maxmemory: "1", "maxmemory-policy": "noeviction" });
    client.destroy();
  }

  test("a live session is still read when its expiry is due to move and cannot, and a write says 503", async () => {
    const ada = newVisitor(app.httpsUrl);
    const { session } = (await ada.visit("kept")).json;
    await fillUp();
    // A tenth of the idle lifetime: from here on each read would move the expiry.
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(session.expiresAt) - 8_900);
    const read = await ada.get("/api/session");
    expect(read).toMatchObject({ status: 200, json: { session: { visits: 1, note: "kept" } } });
    expect(read.headers["x-session"]).toBe("found");
    expect((await ada.get("/")).text).toContain("Session found: 1 visit");
    expect((await ada.visit()).status).toBe(503);
  });
});
