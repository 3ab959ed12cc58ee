import { dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fixture, makeFolder, upForTest } from "../../test/app.ts";

const MANIFEST = JSON.stringify({
  env: { MODE: { value: "fast" }, SECRET: { generator: "secret" } },
});

afterEach(() => {
  delete process.env.OF_THE_USER;
});

test("a Node dyno gets its config vars, what Heroku adds, PATH and locale, and nothing else of the user's", async () => {
  process.env.OF_THE_USER = "private";
  const dir = makeFolder({ "app.json": MANIFEST }, "node");
  const app = await upForTest({ dir, env: { GIVEN: "a=b" } });
  const env: Record<string, string> = await app.ask("/env");
  expect(env).toMatchObject({ MODE: "fast", GIVEN: "a=b", DYNO: "web.1", NODE_ENV: "production" });
  expect(env.SECRET).toHaveLength(64);
  expect(env.PORT).toMatch(/^\d+$/);
  expect(env.PATH?.split(":")[0]).toBe(dirname(process.execPath));
  const allowed = /^(MODE|GIVEN|SECRET|DYNO|PORT|NODE_ENV|PATH|HOME|TMPDIR|HOSTNAME|LANG|LC_\w+)$/;
  // The shell that runs the command adds these.
  const ofTheShell = ["PWD", "SHLVL", "_", "OLDPWD"];
  const others = Object.keys(env).filter((key) => !allowed.test(key) && !ofTheShell.includes(key));
  expect(others).toEqual([]);
});

test("home and temporary folder are the dyno's own", async () => {
  const app = await upForTest({ dir: fixture("node") });
  const env: Record<string, string> = await app.ask("/env");
  const { cwd } = (await app.ask("/")) as { cwd: string };
  expect(env.HOME).toBe(cwd);
  expect(dirname(env.TMPDIR ?? "")).toBe(dirname(cwd));
});

test("an app in Python is up as well, without NODE_ENV", async () => {
  const app = await upForTest({ dir: fixture("python"), web: 2 });
  const answer: { dyno: string; env: Record<string, string> } = await app.ask("/");
  expect(answer.dyno).toMatch(/^web\.[12]$/);
  expect(answer.env).not.toHaveProperty("NODE_ENV");
});

test("a config var may set NODE_ENV, but not PORT or DYNO", async () => {
  const env = { NODE_ENV: "staging", PORT: "1", DYNO: "mine" };
  const app = await upForTest({ dir: fixture("node"), env });
  const seen: Record<string, string> = await app.ask("/env");
  expect(seen).toMatchObject({ NODE_ENV: "staging", DYNO: "web.1" });
  expect(seen.PORT).not.toBe("1");
});
