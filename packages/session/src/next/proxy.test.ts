import { NextRequest, NextResponse } from "next/server.js";
import { PrefixSecurityEnum, CookieJar as StrictBrowser } from "tough-cookie";
import { describe, expect, test, vi } from "vitest";
import type { SessionConfig } from "../config.ts";
import type { Strategy } from "../contract.ts";
import { serverStrategy } from "../store/server-strategy.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { testClock, testConfig } from "../testing/rig.ts";
import { renewCookie } from "./proxy.ts";

const memoryStrategy = (config: () => SessionConfig = testConfig()) =>
  serverStrategy({ name: "memory", config, store: () => memoryStore() });

describe("the cookie", () => {
  /** A strategy whose cookie tells its expiry, as one that keeps the session in the cookie does. */
  function tellingStrategy(config: () => SessionConfig): Strategy {
    const inner = memoryStrategy(config);
    return {
      ...inner,
      keeps: "cookie",
      maxBytes: 1,
      peekExpiry: (cookie) => expiries.get(cookie) ?? 0,
    };
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
    const { SESSION_COOKIE, sessionCookieAttributes } = await import("../config.ts");
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
