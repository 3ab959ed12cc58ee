import { type App, up } from "@repo/dynos";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { multipart, visitForm } from "./visit-form.ts";
import { newVisitor } from "./visitor.ts";

// Postgres stands for every store with versions: there a test can make each update a conflict.
const apps = inject("areOurs") ? builtApps().filter(({ name }) => name === "db-app") : [];

describe.each(apps)("$name, when every write of a session conflicts", ({ dir, manifest }) => {
  let app: App;

  beforeAll(async () => {
    app = await up({ dir, manifest, web: 1, name: `conflict-${process.pid}` });
  });
  afterAll(() => app?.down());

  async function refuseUpdates() {
    const connectionString = app.config().DATABASE_URL ?? "";
    const client = new Client({ connectionString, ssl: { rejectUnauthorized: false } });
    await client.connect();
    await client.query(`
      CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER skip BEFORE UPDATE ON "session" FOR EACH ROW EXECUTE FUNCTION skip();`);
    await client.end();
  }

  test("a form and the API say that too many write and that nothing was changed; nothing was", async () => {
    const ada = newVisitor(app.httpsUrl);
    const form = await visitForm(ada, "lost");
    await ada.visit("kept");
    await refuseUpdates();
    const headers = { "content-type": multipart, origin: app.httpsUrl };
    const page = await ada.send("POST", "/", { headers, body: form });
    expect(page.text).toContain("Too many requests at once.");
    expect(page.text).toContain("This request changed nothing.");
    const api = await ada.visit("lost too");
    expect(api.status).toBe(503);
    expect(api.json.title).toMatch(/^Too many/);
    expect(Number(api.headers["retry-after"])).toBeGreaterThan(0);
    expect(await ada.session()).toMatchObject({ visits: 1, note: "kept" });
  });
});
