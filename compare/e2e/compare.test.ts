import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readResults } from "@repo/report/results";
import { afterAll, expect, it } from "vitest";
import { compare, descendants, lives, says } from "../test/command.ts";

const out = mkdtempSync(join(tmpdir(), "compare-e2e-"));
afterAll(() => rmSync(out, { recursive: true }));

async function run(...args: string[]) {
  const { exitCode: code, stderr: err } = await compare("--out", out, ...args);
  const results = readResults(out);
  const verdicts = results.apps.map(({ name, scenarios }) => [
    name,
    Object.fromEntries(Object.entries(scenarios).map(([key, { verdict }]) => [key, verdict])),
  ]);
  return { code, err, results, verdicts: Object.fromEntries(verdicts) };
}

const allWork = { spread: "works", continuity: "works", "sign-in": "works", isolation: "works" };

it("tells in its quick form which strategies work across dynos", async () => {
  const { code, err, verdicts } = await run("--quick");
  // A fifth app has a column too.
  expect(verdicts, err).toMatchObject({
    "cache-app": allWork,
    "cache-app:redis": allWork,
    "cookie-app": allWork,
    "db-app": allWork,
    "file-app": { ...allWork, continuity: "breaks", "sign-in": "breaks" },
    "file-app:affinity": { spread: "breaks", continuity: "works" },
  });
  expect(code).toBe(0);
});

it("tells what a restart and a sign-out do", async () => {
  const apps = ["--apps", "db-app,file-app,file-app:affinity"];
  const { code, err, verdicts, results } = await run(...apps, "--scenarios", "restart,sign-out");
  expect(verdicts, err).toEqual({
    "db-app": { restart: "works", "sign-out": "works" },
    "file-app": { restart: "not tested", "sign-out": "breaks" },
    "file-app:affinity": { restart: "breaks", "sign-out": "works" },
  });
  const file = results.apps.find(({ name }) => name === "file-app")?.scenarios;
  expect(file?.restart?.reason).toBe("sessions are not shared between dynos");
  expect(code).toBe(0);
});

it("measures on one dyno that every session is kept, and does not call that an answer", async () => {
  const args = ["--apps", "file-app", "--dynos", "1", "--scenarios", "continuity"];
  const { code, err, results } = await run(...args);
  expect(results.apps[0]?.scenarios.continuity, err).toMatchObject({
    verdict: "not tested",
    reason: "one dyno only",
    dynosSeen: 1,
    figures: { foundShare: 1, sessionsLost: 0 },
  });
  expect(code).toBe(0);
});

it("keeps what was measured and leaves no process behind when it is stopped", async () => {
  const args = ["--apps", "cookie-app", "--scenarios", "continuity,restart", "--out", out];
  const running = compare(...args);
  await says(running, /cookie-app +continuity/);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const started = descendants(running.pid ?? 0);
  expect(started.some(({ command }) => /^k6 run .*restart\.ts$/.test(command))).toBe(true);
  running.kill("SIGINT");
  const { exitCode } = await running;
  expect(started.filter(lives)).toEqual([]);
  const { complete, apps } = readResults(out);
  expect([exitCode, complete, Object.keys(apps[0]?.scenarios ?? {})]).toEqual([
    130,
    false,
    ["continuity"],
  ]);
});
