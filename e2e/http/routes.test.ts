import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HEX16 = /^[0-9a-f]{16}$/;

eachApp(({ visitor }) => {
  test("GET /api/session without a cookie: no session, and none is created", async () => {
    const { status, json, headers, cookies } = await visitor().get("/api/session");
    expect(status).toBe(200);
    expect(json).toEqual({
      app: expect.stringMatching(/-app$/),
      strategy: expect.stringMatching(/^[a-z][a-z ]*$/),
      dyno: headers["x-dyno"],
      bootId: expect.stringMatching(HEX16),
      session: null,
    });
    expect(headers["x-session"]).toBe("none");
    expect(cookies).toEqual([]);
  });

  test("POST /api/session begins a session and answers with it", async () => {
    const { status, json, headers } = await visitor().visit();
    expect(status).toBe(200);
    expect(headers["x-session"]).toBe("none");
    expect(json.session).toEqual({
      fingerprint: expect.stringMatching(HEX16),
      visits: 1,
      note: null,
      user: null,
      createdAt: expect.stringMatching(ISO),
      expiresAt: expect.stringMatching(ISO),
    });
  });

  test("each visit counts; a note stays until another one replaces it", async () => {
    const ada = visitor();
    await ada.visit("first");
    await ada.visit();
    expect(await ada.session()).toMatchObject({ visits: 2, note: "first" });
    await ada.visit('ünïcødé ✓ \u0000 "quoted"');
    const { json, headers } = await ada.get("/api/session");
    expect(json.session).toMatchObject({ visits: 3, note: 'ünïcødé ✓ \u0000 "quoted"' });
    expect(headers["x-session"]).toBe("found");
    await ada.visit("");
    expect(await ada.session()).toMatchObject({ visits: 4, note: "" });
  });

  test("the fingerprint stays the same for the life of a session, and differs between sessions", async () => {
    const [ada, grace] = [visitor(), visitor()];
    const first = (await ada.visit()).json.session.fingerprint;
    expect((await ada.visit("x")).json.session.fingerprint).toBe(first);
    expect((await grace.visit()).json.session.fingerprint).not.toBe(first);
  });

  test("DELETE /api/session ends it: 204, and the browser keeps no cookie", async () => {
    const ada = visitor();
    await ada.visit();
    const { status, text } = await ada.send("DELETE", "/api/session");
    expect([status, text]).toEqual([204, ""]);
    expect(await ada.sessionCookie()).toBe("");
    expect(await ada.session()).toBeNull();
    expect((await ada.send("DELETE", "/api/session")).status).toBe(204);
    expect((await ada.visit()).json.session.visits).toBe(1);
  });

  test("GET /api/plain is the same body without a session, and touches none", async () => {
    const ada = visitor();
    await ada.visit();
    const { json, headers, cookies } = await ada.get("/api/plain");
    const { json: other } = await ada.get("/api/session");
    expect(json).toEqual({ ...other, session: null });
    expect([headers["x-session"], headers["server-timing"], cookies]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  test("GET /healthz and /readyz say ok", async () => {
    for (const path of ["/healthz", "/readyz"])
      expect(await visitor().get(path)).toMatchObject({ status: 200, json: { status: "ok" } });
  });

  test("GET / is a page that names the dyno and asks no one else for anything", async () => {
    const { status, text, headers } = await visitor().get("/");
    expect(status).toBe(200);
    expect(text).toContain(headers["x-dyno"]);
    expect([...text.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([]);
  });

  test("GET /source is the strategy itself: session.ts and every file that it has in src/stores", async () => {
    const { text, headers } = await visitor().get("/source");
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(text).toContain("export const {");
    const imported = [...text.matchAll(/from "\.\/(?:stores\/)?([\w-]+\.ts)"/g)].map(
      ([, file]) => file,
    );
    expect(imported).toContain("fields.ts");
    for (const file of new Set(imported))
      if (file !== "fields.ts") expect(text).toContain(`// src/stores/${file}\n`);
  });
});
