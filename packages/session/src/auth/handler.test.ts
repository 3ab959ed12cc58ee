import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { NextRequest } from "next/server.js";
import type { AuthOptions } from "next-auth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SESSION_COOKIE } from "../config.ts";
import type { RequestScope } from "../next/request-scope.ts";
import { sessions } from "../sessions.ts";
import { serverStrategy } from "../store/server-strategy.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { testConfig, testJar } from "../testing/rig.ts";
import { authHandler } from "./handler.ts";

/** As much of GitHub as a sign-in needs: a token for any code, and one user. */
const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  const isToken = request.url?.startsWith("/token");
  const token = { access_token: "t", token_type: "bearer" };
  const user = {
    id: 7,
    name: "Grace",
    email: "grace@example.org",
    image: "https://example.org/g.png",
  };
  response.end(JSON.stringify(isToken ? token : user));
});

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => void server.close());

test("a sign-in elsewhere, by OAuth, comes back into the session as one by name does", async () => {
  const { port } = server.address() as AddressInfo;
  const provider = {
    id: "elsewhere",
    name: "Elsewhere",
    type: "oauth",
    clientId: "id",
    clientSecret: "secret",
    authorization: `http://127.0.0.1:${port}/authorize`,
    token: `http://127.0.0.1:${port}/token`,
    userinfo: `http://127.0.0.1:${port}/user`,
    checks: ["state"],
    profile: (user) => user,
  } as AuthOptions["providers"][number];

  const config = testConfig();
  const strategy = serverStrategy({ name: "memory", config, store: () => memoryStore() });
  const jar = testJar((await strategy.create({ note: "hello" })).cookie);
  const newScope = (): RequestScope => ({ jar, meter: { roundTrips: 0, milliseconds: 0 } });
  let scope = newScope();
  const app = sessions(strategy, config, async () => scope);
  const auth = authHandler(
    { ...app.authOptions, providers: [provider] },
    config,
    async () => scope,
  );

  const cookies = new Map<string, string>();
  async function send(path: string, form?: Record<string, string>): Promise<Response> {
    scope = newScope();
    cookies.set(SESSION_COOKIE, jar.value ?? "");
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const init = form ? { method: "POST", body: new URLSearchParams(form).toString() } : {};
    const headers = {
      host: "app.example",
      cookie,
      "content-type": "application/x-www-form-urlencoded",
    };
    const request = new NextRequest(`https://app.example/api/auth/${path}`, { ...init, headers });
    const nextauth = request.nextUrl.pathname.split("/").slice(3);
    const response = await auth(request, { params: Promise.resolve({ nextauth }) });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      cookies.set(name, decodeURIComponent(value));
    }
    return response;
  }

  const { csrfToken } = await (await send("csrf")).json();
  const away = await send("signin/elsewhere", { csrfToken });
  const state = new URL(away.headers.get("location") ?? "").searchParams.get("state");
  const back = await send(`callback/elsewhere?code=c&state=${state}`);
  expect(back.headers.get("location")).toBe("https://app.example/");
  expect((await strategy.read(jar.value ?? ""))?.data).toEqual({
    note: "hello",
    user: {
      id: "elsewhere:7",
      name: "Grace",
      email: "grace@example.org",
      image: "https://example.org/g.png",
    },
  });
  expect(await (await send("session")).json()).toMatchObject({
    user: { name: "Grace", email: "grace@example.org", image: "https://example.org/g.png" },
  });
});
