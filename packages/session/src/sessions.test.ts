import { NextRequest, NextResponse } from "next/server.js";
import { PrefixSecurityEnum, CookieJar as StrictBrowser } from "tough-cookie";
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import type { SessionConfig } from "./config.ts";
import { testApp, testBrowser } from "./conformance-browser.ts";
import { testClock, testConfig, testJar } from "./conformance-rig.ts";
import type { Strategy } from "./contract.ts";
import { memoryStore } from "./memory-store.ts";
import { renewCookie } from "./renew-cookie.ts";
import { serverStrategy } from "./server-strategy.ts";
import { sessions } from "./sessions.ts";

const memoryStrategy = (config: () => SessionConfig = testConfig()) =>
  serverStrategy({ name: "memory", config, store: () => memoryStore() });

function inOneRequest(strategy: Strategy, cookie?: string) {
  const scope = { jar: testJar(cookie), meter: { trips: 0, milliseconds: 0 } };
  return { scope, app: sessions<{ visits?: number }>(strategy, testConfig(), async () => scope) };
}

describe("getSession()", () => {
  test("reads once per request, however many ask", async () => {
    const strategy = memoryStrategy();
    const { cookie } = await strategy.create({ visits: 3 });
    const { app } = inOneRequest(strategy, cookie);
    const all = await Promise.all(Array.from({ length: 10 }, () => app.getSession()));
    expect(all.map(({ visits }) => visits)).toEqual(Array(10).fill(3));
    expect(await app.serverTiming()).toMatch(/^store;dur=\d+\.\d;desc="1 trips"$/);
  });

  test("counts no trip where nobody asks", async () => {
    const { app } = inOneRequest(memoryStrategy());
    expect(await app.serverTiming()).toBe('store;dur=0.0;desc="0 trips"');
  });

  test("all who ask in one request see what one of them wrote", async () => {
    const { app } = inOneRequest(memoryStrategy());
    const [one, two] = await Promise.all([app.getSession(), app.getSession()]);
    await one.update((fields) => {
      fields.visits = 1;
    });
    expect(two.visits).toBe(1);
  });

  test("its types let a field be absent, and reject what JSON cannot hold", () => {
    const { getSession } = sessions<{ user?: { name: string }; tags?: string[] }>(memoryStrategy());
    type Session = Awaited<ReturnType<typeof getSession>>;
    expectTypeOf<Session["user"]>().toEqualTypeOf<{ name: string } | undefined>();
    // @ts-expect-error A Date would come back as a string.
    sessions<{ at: Date }>(memoryStrategy());
    // @ts-expect-error A Map would come back as {}.
    sessions<{ cart: { items: Map<string, number> } }>(memoryStrategy());
    // @ts-expect-error A bigint throws.
    sessions<{ big?: bigint }>(memoryStrategy());
    // @ts-expect-error A function is dropped.
    sessions<{ run: () => void }>(memoryStrategy());
    // @ts-expect-error Nobody knows what it is.
    sessions<{ any?: unknown }>(memoryStrategy());
    // @ts-expect-error The name is taken.
    sessions<{ save: string }>(memoryStrategy());
  });
});

describe("boot()", () => {
  afterEach(() => vi.restoreAllMocks());

  test("stops where a config var of the store is missing", async () => {
    const strategy = serverStrategy({
      name: "memory",
      config: testConfig(),
      store: () => {
        throw new Error("[db-app] Missing config var `DATABASE_URL`.");
      },
    });
    await expect(sessions(strategy, testConfig()).boot()).rejects.toThrow("DATABASE_URL");
  });

  test("stops where the secret is wrong", async () => {
    const config = () => {
      throw new Error("[session] Missing config var `SESSION_SECRET`.");
    };
    await expect(sessions(memoryStrategy(), config).boot()).rejects.toThrow("SESSION_SECRET");
  });

  test("ends the process in production, for Next would go on and answer 500", async () => {
    vi.resetModules();
    vi.stubEnv("NODE_ENV", "production");
    vi.stubEnv("SESSION_SECRET", undefined);
    const production = await import("./sessions.ts");
    vi.unstubAllEnvs();
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    const config = () => {
      throw new Error("[session] Missing config var `SESSION_SECRET`.");
    };
    await expect(production.sessions(memoryStrategy(), config).boot()).rejects.toThrow("exit 1");
    expect(exit).toHaveBeenCalledWith(1);
    expect(said).toHaveBeenCalledWith("[session] Missing config var `SESSION_SECRET`.");
  });

  test("goes on where the store is not up yet", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const ready = async () => Promise.reject(new Error("connection refused"));
    const strategy = serverStrategy({
      name: "memory",
      config: testConfig(),
      store: () => ({ ...memoryStore(), ready }),
    });
    await sessions(strategy, testConfig()).boot();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("connection refused"));
  });
});

describe("the cookie", () => {
  /** A strategy whose cookie tells its expiry, as one that keeps the session in the cookie does. */
  function tellingStrategy(config: () => SessionConfig): Strategy {
    const inner = memoryStrategy(config);
    return { ...inner, maxBytes: 1, peekExpiry: (cookie) => expiries.get(cookie) ?? 0 };
  }
  const expiries = new Map<string, number>();

  test("is renewed by the proxy once a tenth of the idle lifetime has gone by, and not before", async () => {
    const clock = testClock();
    const config = testConfig({ now: clock.now });
    const strategy = tellingStrategy(config);
    const session = await strategy.create({});
    expiries.set(session.cookie, session.expiresAt);
    const pass = async () => {
      const headers = { cookie: `session=${session.cookie}` };
      const response = NextResponse.next();
      await renewCookie(
        strategy,
        config(),
        new NextRequest("https://app.example/", { headers }),
        response,
      );
      return response;
    };
    expect((await pass()).cookies.get("session")).toBeUndefined();
    clock.advance(config().idleSeconds / 10 + 1);
    const response = await pass();
    expect(response.cookies.get("session")?.maxAge).toBeGreaterThan(config().idleSeconds);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  test("is not renewed for a strategy that moves the expiry in its store", async () => {
    const clock = testClock();
    const config = testConfig({ now: clock.now });
    const strategy = memoryStrategy(config);
    const { cookie } = await strategy.create({});
    clock.advance(config().idleSeconds / 2);
    const response = NextResponse.next();
    const headers = { cookie: `session=${cookie}` };
    await renewCookie(
      strategy,
      config(),
      new NextRequest("https://app.example/", { headers }),
      response,
    );
    expect(response.cookies.getAll()).toEqual([]);
  });

  test("of a production build is taken by a browser that is strict about prefixes, over https alone", async () => {
    vi.resetModules();
    vi.stubEnv("NODE_ENV", "production");
    const { SESSION_COOKIE, sessionCookieAttributes } = await import("./config.ts");
    vi.unstubAllEnvs();
    const { cookie } = await memoryStrategy().create({});
    const response = NextResponse.next();
    response.cookies.set(SESSION_COOKIE, cookie, { ...sessionCookieAttributes, maxAge: 60 });
    const [line = ""] = response.headers.getSetCookie();
    const browser = new StrictBrowser(undefined, { prefixSecurity: PrefixSecurityEnum.STRICT });
    await browser.setCookie(line, "https://app.example/");
    expect(await browser.getCookieString("https://app.example/any")).toBe(
      `${SESSION_COOKIE}=${cookie}`,
    );
    expect(await browser.getCookieString("http://app.example/")).toBe("");
    expect(await browser.getCookieString("https://other.app.example/")).toBe("");
    await expect(
      browser.setCookie(line.replace("; Secure", ""), "https://app.example/"),
    ).rejects.toThrow();
  });
});

describe("GitHub", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("is offered when both of its config vars are set, and only then", async () => {
    const offered = async () => {
      const app = testApp(memoryStrategy(), testConfig());
      const { response } = await testBrowser().auth(app, "providers");
      return Object.keys(await response.json());
    };
    vi.stubEnv("GITHUB_ID", "id");
    expect(await offered()).toEqual(["credentials"]);
    vi.stubEnv("GITHUB_SECRET", "secret");
    expect(await offered()).toEqual(["credentials", "github"]);
  });
});
