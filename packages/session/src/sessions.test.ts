import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import type { SessionConfig } from "./config.ts";
import type { Strategy } from "./contract.ts";
import { sessions } from "./sessions.ts";
import { serverStrategy } from "./store/server-strategy.ts";
import { testApp, testBrowser } from "./testing/browser.ts";
import { memoryStore } from "./testing/memory-store.ts";
import { testConfig, testJar } from "./testing/rig.ts";

const memoryStrategy = (config: () => SessionConfig = testConfig()) =>
  serverStrategy({ name: "memory", config, store: () => memoryStore() });

function inOneRequest(strategy: Strategy, cookie?: string) {
  const scope = { jar: testJar(cookie), meter: { roundTrips: 0, milliseconds: 0 } };
  return { scope, app: sessions<{ visits?: number }>(strategy, testConfig(), async () => scope) };
}

describe("getSession()", () => {
  test("reads once per request, however many ask", async () => {
    const strategy = memoryStrategy();
    const { cookie } = await strategy.create({ visits: 3 });
    const { app } = inOneRequest(strategy, cookie);
    const all = await Promise.all(Array.from({ length: 10 }, () => app.getSession()));
    expect(all.map(({ visits }) => visits)).toEqual(Array(10).fill(3));
    expect(await app.serverTiming()).toMatch(/^store;dur=\d+\.\d;desc="1 round trips"$/);
  });

  test("counts no round trip where no code asks", async () => {
    const { app } = inOneRequest(memoryStrategy());
    expect(await app.serverTiming()).toBe('store;dur=0.0;desc="0 round trips"');
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
  test("refuses a maximum per user where the strategy cannot list sessions", async () => {
    const { list: _, ...store } = memoryStore();
    const cannotList = "Dynos share no memory.";
    const strategy = serverStrategy({ name: "memory", store: () => ({ ...store, cannotList }) });
    const config = testConfig({ maxPerUser: 2 });
    await expect(sessions(strategy, config).boot()).rejects.toThrow(
      /SESSION_MAX_PER_USER.*Dynos share no memory\./,
    );
    await sessions(memoryStrategy(config), config).boot();
  });

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
