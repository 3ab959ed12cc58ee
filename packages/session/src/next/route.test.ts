import { NextRequest } from "next/server.js";
import { expect, test } from "vitest";
import { SESSION_COOKIE } from "../config.ts";
import { sessions } from "../sessions.ts";
import { serverStrategy } from "../store/server-strategy.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { testConfig } from "../testing/rig.ts";
import { readJson } from "./bodies.ts";
import { route } from "./route.ts";

const store = memoryStore();
const strategy = serverStrategy({ name: "memory", config: testConfig(), store: () => store });
const { getSession, serverTiming } = sessions<{ visits?: number }>(strategy, testConfig());

const request = (method: string, headers: Record<string, string> = {}, body?: string) =>
  new NextRequest("http://app.example/api", { method, headers, body: body ?? null });

const visit = async () => {
  const session = await getSession();
  await session.update((fields) => {
    fields.visits = (fields.visits ?? 0) + 1;
  });
  return session;
};

test("a handler's session is that of its request's cookie, and its cookie is on the response", async () => {
  const { POST, GET, DELETE } = route({
    async GET() {
      return Response.json([(await getSession()).visits, await serverTiming()]);
    },
    POST: async () => Response.json((await visit()).visits),
    async DELETE() {
      await (await getSession()).destroy();
      return new Response(null, { status: 204 });
    },
  });
  const first = await POST(request("POST"), {});
  const [line = ""] = first.headers.getSetCookie();
  expect(line).toMatch(
    new RegExp(
      `^${SESSION_COOKIE}=[\\w-]{43}; Path=/; Expires=[^;]+ GMT; Max-Age=\\d+; HttpOnly; SameSite=Lax$`,
    ),
  );
  const cookie = line.split(";", 1)[0] ?? "";
  const second = await GET(request("GET", { cookie: `other=1; ${cookie}` }), {});
  expect(await second.json()).toEqual([1, expect.stringContaining('desc="1 round trips"')]);
  expect(second.headers.getSetCookie()).toEqual([]);
  const last = await DELETE(request("DELETE", { cookie }), {});
  expect(last.headers.getSetCookie()).toEqual([
    `${SESSION_COOKIE}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=Lax`,
  ]);
});

test("two handlers at once keep their sessions apart, and set the last value of a cookie only", async () => {
  const { POST } = route({
    async POST() {
      const session = await visit();
      await session.regenerate();
      return Response.json(session.info?.fingerprint);
    },
  });
  const answers = await Promise.all([POST(request("POST"), {}), POST(request("POST"), {})]);
  const cookies = answers.map(({ headers }) => headers.getSetCookie());
  expect(cookies.map((lines) => lines.length)).toEqual([1, 1]);
  expect(new Set(cookies.flat()).size).toBe(2);
});

test("a redirect, whose headers cannot be changed, and a refusal carry the cookie too", async () => {
  const { POST, PUT } = route({
    async POST() {
      await visit();
      return Response.redirect("http://app.example/", 303);
    },
    async PUT() {
      await visit();
      throw new Response("no", { status: 409 });
    },
  });
  const redirect = await POST(request("POST"), {});
  expect([redirect.status, redirect.headers.get("location")]).toEqual([303, "http://app.example/"]);
  expect(redirect.headers.getSetCookie()).toHaveLength(1);
  const refusal = await PUT(request("PUT"), {});
  expect([refusal.status, refusal.headers.getSetCookie().length]).toEqual([409, 1]);
});

test("a body is read where the headers announce one: a length, or chunks", async () => {
  const { POST } = route({
    POST: async (asked) => Response.json((await readJson(asked, 100, () => "too large")) ?? null),
  });
  const type = { "content-type": "application/json" };
  const ask = async (headers: Record<string, string>) =>
    (await POST(request("POST", { ...type, ...headers }, "[1]"), {})).json();
  expect(await ask({ "content-length": "3" })).toEqual([1]);
  expect(await ask({ "transfer-encoding": "chunked" })).toEqual([1]);
  expect(await ask({})).toBeNull();
  expect(await ask({ "content-length": "0" })).toBeNull();
});
