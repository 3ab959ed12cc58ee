import { hkdfSync, randomBytes } from "node:crypto";
import { type App, up } from "@repo/dynos";
import { sealData } from "iron-session";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { newVisitor } from "./visitor.ts";

const SECRET = randomBytes(32).toString("hex");
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

const deriveKey = (purpose: string) => ({
  1: new Uint8Array(hkdfSync("sha256", SECRET, "", `sessions-across-dynos ${purpose}`, 32)),
});
/** The key of this app's sessions, written out: a change of format is a change of this test. */
const KEY = deriveKey("session cookie of cookie-app");

const session = () => ({
  id: randomBytes(32).toString("base64url"),
  createdAt: Date.now(),
  data: { visits: 7, user: { name: "Mallory" } } as unknown,
});

const foreignKeys = {
  "SESSION_SECRET itself": SECRET,
  "SESSION_SECRET as a key": { 1: Buffer.from(SECRET, "hex") },
  "the key of another app": deriveKey("session cookie of other-app"),
  "the key of another purpose": deriveKey("session data"),
};

const wrongContents = {
  "nothing in it": {},
  "a createdAt in words": { ...session(), createdAt: "soon" },
  "a createdAt of null": { ...session(), createdAt: null },
  "a createdAt in the far future": { ...session(), createdAt: Date.now() + 10 * YEAR_MS },
  "a createdAt beyond what a date can hold": { ...session(), createdAt: 1e300 },
  "an id that is a number": { ...session(), id: 7 },
  "an id of another shape": { ...session(), id: "../../etc/passwd" },
  "data that is a list": { ...session(), data: ["visits"] },
  "data that is a string": { ...session(), data: "visits" },
  "no data": { ...session(), data: null },
};

/** Sealed by iron-session as its README shows it, as this app did before it derived keys. */
const OLD_FORMAT = /^Fe26\.2\*1\*[\da-f]{64}\*[\w-]{22}\*[\w-]+\*\d+\*[\da-f]{64}\*[\w-]{43}~2$/;

const built = inject("areOurs") ? builtApps().find(({ name }) => name === "cookie-app") : undefined;

describe.skipIf(!built)("cookie-app, brought a seal that it did not make", () => {
  let app: App;

  beforeAll(async () => {
    if (!built) return;
    const { dir, manifest } = built;
    const env = { SESSION_SECRET: SECRET };
    app = await up({ dir, manifest, env, web: 1, name: `seals-${process.pid}` });
  });
  afterAll(() => app?.down());

  async function bring(content: unknown, key: unknown) {
    const value = await sealData(content, { password: key as string, ttl: 3_600 });
    const visitor = newVisitor(app.httpsUrl);
    const cookie = `__Host-session=${value}`;
    const answers = [];
    for (const path of ["/api/session", "/", "/api/auth/session"]) {
      answers.push(await visitor.peek("GET", path, { cookie }));
    }
    const visit = await visitor.peek("POST", "/api/session", { cookie });
    return { value, answers, visit };
  }

  async function expectNoSession(content: unknown, key: unknown) {
    const { answers, visit } = await bring(content, key);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [read, page, auth] = answers;
    expect([read?.json.session, read?.headers["x-session"], auth?.json]).toEqual([
      null,
      "lost",
      {},
    ]);
    expect(page?.text).not.toContain("Mallory");
    expect([visit.status, visit.json.session.visits]).toEqual([200, 1]);
  }

  test("of the app's format and with its key it is a session, or these tests prove nothing", async () => {
    const { answers } = await bring(session(), KEY);
    expect(answers[0]?.json.session).toMatchObject({ visits: 7, user: { name: "Mallory" } });
  });

  test("with fields that are named like the session's own methods it is read, written and ended", async () => {
    const names = '"save":1,"info":{},"cookie":"x","update":null,"regenerate":[],"destroy":true';
    const data = JSON.parse(`{"visits":7,${names},"__proto__":{"isAdmin":true}}`);
    const { value, answers, visit } = await bring({ ...session(), data }, KEY);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]?.json.session).toMatchObject({ visits: 7 });
    expect([visit.status, visit.json.session.visits]).toEqual([200, 8]);
    const cookie = `__Host-session=${value}`;
    const end = await newVisitor(app.httpsUrl).peek("DELETE", "/api/session", { cookie });
    expect(end.status).toBe(204);
  });

  test.each(Object.entries(foreignKeys))(
    "with %s it is no session, and no error",
    async (_, key) => {
      await expectNoSession(session(), key);
    },
  );

  test("of an older format it is no session, and no error", async () => {
    expect((await bring(session(), SECRET)).value).toMatch(OLD_FORMAT);
    await expectNoSession(session(), SECRET);
  });

  test.each(Object.entries(wrongContents))(
    "with %s it is no session, and no error",
    async (_, content) => {
      await expectNoSession(content, KEY);
      await expectNoSession(content, SECRET);
    },
  );
});
