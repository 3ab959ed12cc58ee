import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const SECRET = "s".repeat(32);

/** Imports the file again: `isProduction` is decided when it is loaded, as in a build. */
async function load(env: Record<string, string>) {
  vi.resetModules();
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return import("./config.ts");
}

beforeEach(() => {
  vi.stubEnv("SESSION_SECRET", undefined);
  vi.stubEnv("SESSION_SECRET_PREVIOUS", undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe("secrets", () => {
  test("in production a missing secret is an error that names the config var and a way out", async () => {
    const { sessionConfig } = await load({ NODE_ENV: "production" });
    expect(() => sessionConfig()).toThrow(/Missing config var `SESSION_SECRET`.*openssl rand/);
  });

  test("importing the config needs no secret, for a build has none", async () => {
    await expect(load({ NODE_ENV: "production" })).resolves.toBeDefined();
  });

  test("a short secret is an error everywhere, and so is a short previous one", async () => {
    const short = await load({ SESSION_SECRET: "short" });
    expect(() => short.sessionConfig()).toThrow(/Too short config var `SESSION_SECRET`/);
    const previous = await load({
      SESSION_SECRET: SECRET,
      SESSION_SECRET_PREVIOUS: `${SECRET} no`,
    });
    expect(() => previous.sessionConfig()).toThrow(/`SESSION_SECRET_PREVIOUS`/);
  });

  test("outside of production there is a secret to begin with", async () => {
    const { sessionConfig } = await load({ NODE_ENV: "development" });
    expect(sessionConfig().secrets).toHaveLength(1);
  });

  test("the current secret comes first, the previous ones after it, separated by white space", async () => {
    const [one, two] = ["1".repeat(32), "2".repeat(32)];
    const { sessionConfig } = await load({
      SESSION_SECRET: SECRET,
      SESSION_SECRET_PREVIOUS: ` ${one}\n${two} `,
    });
    expect(sessionConfig().secrets).toEqual([SECRET, one, two]);
  });
});

test("lifetimes are 14 and 30 days unless config vars say otherwise, and nonsense is an error", async () => {
  const { sessionConfig } = await load({ SESSION_IDLE_SECONDS: "60" });
  expect(sessionConfig()).toMatchObject({
    idleSeconds: 60,
    absoluteSeconds: 2_592_000,
    maxBytes: 65_536,
  });
  const wrong = await load({ SESSION_IDLE_SECONDS: "two weeks" });
  expect(() => wrong.sessionConfig()).toThrow(/`SESSION_IDLE_SECONDS` is "two weeks"/);
});

test("sessions per user have no maximum unless SESSION_MAX_PER_USER sets one", async () => {
  expect((await load({})).sessionConfig().maxPerUser).toBeUndefined();
  expect((await load({ SESSION_MAX_PER_USER: "3" })).sessionConfig().maxPerUser).toBe(3);
  const wrong = await load({ SESSION_MAX_PER_USER: "0" });
  expect(() => wrong.sessionConfig()).toThrow(/`SESSION_MAX_PER_USER` is "0"/);
});

test("the cookie's name is decided by the build alone", async () => {
  const production = await load({ NODE_ENV: "production" });
  expect(production.SESSION_COOKIE).toBe("__Host-session");
  expect(production.sessionCookieAttributes).toEqual({
    httpOnly: true,
    secure: true,
    sameSite: "lax",
    path: "/",
  });
  const development = await load({ NODE_ENV: "development" });
  expect(development.SESSION_COOKIE).toBe("session");
  expect(development.sessionCookieAttributes.secure).toBe(false);
});
