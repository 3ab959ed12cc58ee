import type { AddressInfo } from "node:net";
import express from "express";
import session from "express-session";
import { expect, onTestFinished, test } from "vitest";
import type { SessionStore } from "./contract.ts";
import { expressStore } from "./express-store.ts";
import { memoryStore } from "./testing/memory-store.ts";

declare module "express-session" {
  interface SessionData {
    visits: number;
  }
}

const secret = "a secret for tests, 32 characters";
const secrets = [secret] as const;

/** One process of an app, as a dyno runs it. */
async function startDyno(store: SessionStore, use: readonly [string, ...string[]] = secrets) {
  const app = express();
  const ours = expressStore(session, { store, secrets: use });
  app.use(session({ store: ours, secret, resave: false, saveUninitialized: false }));
  app.post("/visit", async (request, response) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    await new Promise((done) => setTimeout(done, Number(request.query.wait ?? 0)));
    response.json(request.session.visits);
  });
  app.get("/visits", (request, response) => void response.json(request.session.visits ?? null));
  app.delete("/", (request, response) => request.session.destroy(() => response.end()));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async (method: string, path: string, cookie = "") => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { cookie },
    });
    const set = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return { status: response.status, text: await response.text(), cookie: set };
  };
}

test("a session follows from one dyno to another, and ends on both", async () => {
  const store = memoryStore();
  const [one, two] = [await startDyno(store), await startDyno(store)];
  const { cookie } = await one("POST", "/visit");
  expect((await two("POST", "/visit", cookie)).text).toBe("2");
  expect((await one("GET", "/visits", cookie)).text).toBe("2");
  await two("DELETE", "/", cookie);
  expect((await one("GET", "/visits", cookie)).text).toBe("null");
});

test("a request that is under way while its session is ended does not bring it back", async () => {
  const dyno = await startDyno(memoryStore());
  const { cookie } = await dyno("POST", "/visit");
  const late = dyno("POST", "/visit?wait=200", cookie);
  await new Promise((done) => setTimeout(done, 50));
  await dyno("DELETE", "/", cookie);
  await late;
  expect((await dyno("GET", "/visits", cookie)).text).toBe("null");
});

test("the store sees neither the id nor the data", async () => {
  const records = new Map();
  const dyno = await startDyno(memoryStore(records));
  const { cookie } = await dyno("POST", "/visit");
  const id = /s%3A([^.]+)\./.exec(cookie)?.[1] ?? "no id";
  const kept = JSON.stringify([...records]);
  expect(kept).not.toContain(id);
  expect(kept).not.toContain("visits");
});

test("a secret is replaced without losing sessions", async () => {
  const store = memoryStore();
  const before = await startDyno(store);
  const { cookie } = await before("POST", "/visit");
  const after = await startDyno(store, ["another secret, 32 characters long", secret]);
  expect((await after("POST", "/visit", cookie)).text).toBe("2");
});

test("parallel requests of one session all end, and the session stays", async () => {
  const dyno = await startDyno(memoryStore());
  const { cookie } = await dyno("POST", "/visit");
  const all = await Promise.all(
    Array.from({ length: 8 }, () => dyno("POST", "/visit?wait=20", cookie)),
  );
  expect(all.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect((await dyno("GET", "/visits", cookie)).text).not.toBe("null");
});

/** What express-session calls on a store, as promises. */
function storeOf(store: session.Store) {
  const promised =
    (name: "get" | "set" | "touch") =>
    (...args: unknown[]) =>
      new Promise<session.SessionData>((resolve, reject) => {
        const done = (error: unknown, data: session.SessionData) =>
          error ? reject(error) : resolve(data);
        (store[name] as (...all: unknown[]) => void)(...args, done);
      });
  return { get: promised("get"), set: promised("set"), touch: promised("touch") };
}

// The next two were found by express-session's own tests.
test("what is read after a touch has the expiry of the touch", async () => {
  const { get, set, touch } = storeOf(expressStore(session, { store: memoryStore(), secrets }));
  const until = (expires: Date) => ({ cookie: { originalMaxAge: null, expires } });
  const [soon, later] = [new Date(Date.now() + 60_000), new Date(Date.now() + 120_000)];
  await set("sid", until(soon));
  await touch("sid", until(later));
  expect(new Date((await get("sid")).cookie.expires ?? 0)).toEqual(later);
});

test("data without a cookie is kept as it is", async () => {
  const { get, set } = storeOf(expressStore(session, { store: memoryStore(), secrets }));
  await set("sid", { visits: 1 });
  expect(await get("sid")).toEqual({ visits: 1 });
});

test("a store that fails is an error, not a missing session", async () => {
  const failing = { ...memoryStore(), read: () => Promise.reject(new Error("down")) };
  const dyno = await startDyno(failing);
  const { cookie } = await (await startDyno(memoryStore()))("POST", "/visit");
  expect((await dyno("GET", "/visits", cookie)).status).toBe(500);
});
