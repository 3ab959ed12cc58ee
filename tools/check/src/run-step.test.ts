import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runStep } from "./run-step.ts";
import type { Step } from "./steps.ts";

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), "run-step-"));
});
afterEach(() => rm(reports, { recursive: true }));

const quiet = { write: () => {}, end: () => {} };
const run = (step: Step, signal = new AbortController().signal) =>
  runStep(step, { reports, speaker: quiet, signal });
const step = (script: string) => ({ name: "unit", does: "", command: ["sh", "-c", script] });

test("a command that fails is one failure, with its last words", async () => {
  expect(await run(step("echo looking; echo no good >&2; exit 3"))).toEqual({
    passed: 0,
    skipped: 0,
    failures: [{ test: "unit", says: "looking\nno good" }],
  });
});

test("a command that does not exist is one failure that names it", async () => {
  const { failures } = await run({ ...step(""), command: ["no-such-command"] });
  expect(failures).toEqual([{ test: "unit", says: expect.stringContaining("no-such-command") }]);
});

test("a command that passes is one check", async () => {
  expect(await run(step("echo fine"))).toEqual({
    passed: 1,
    skipped: 0,
    failures: [],
  });
});

test("what goes into a build is the same for all steps, so that none replaces the apps under another", async () => {
  const says = (name: string) => run({ ...step('echo "$ACTIONS_SECRET"; exit 1'), name });
  const [build, compare] = [await says("build"), await says("compare")];
  expect(build.failures[0]?.says).toMatch(/./);
  expect(compare.failures[0]?.says).toBe(build.failures[0]?.says);
});

const counts = { numPassedTests: 4, numPendingTests: 0, numTodoTests: 0 };

test.each([
  ["did not write its report", undefined],
  ["wrote half of its report", '{"numPassedTests": 4, "num'],
])("a suite that ended and %s is one failure", async (_, text) => {
  const suite = { ...step("echo started; kill -9 $$"), report: "vitest" as const };
  if (text) await writeFile(join(reports, "unit.json"), text);
  const { passed, failures } = await run(suite);
  expect([passed, failures.map(({ test }) => test)]).toEqual([0, ["unit"]]);
});

test("a suite whose tests passed fails if its command did", async () => {
  const suite = { ...step("echo started; exit 1"), report: "vitest" as const };
  await writeFile(join(reports, "unit.json"), JSON.stringify({ ...counts, testResults: [] }));
  expect((await run(suite)).failures).toEqual([{ test: "unit", says: "started" }]);
});

test("an interruption reaches all that a command started, once, and is waited for", async () => {
  const log = join(reports, "log");
  await writeFile(log, "");
  // Each program logs, starts the next one, and ends in a moment when it is interrupted.
  const program = `
    const { appendFileSync } = require("node:fs");
    const { spawn } = require("node:child_process");
    const [log, name, ...others] = process.argv.slice(1);
    const logs = (text) => appendFileSync(log, name + " " + text + "\\n");
    process.on("SIGINT", () => {
      logs("interrupted");
      setTimeout(() => process.exit(3), 200);
    });
    if (others.length > 0) spawn(process.execPath, ["-e", process.env.PROGRAM, log, ...others]);
    setInterval(() => {}, 1_000);
    logs("ready");`;
  const command = ["env", `PROGRAM=${program}`, process.execPath, "-e", program, log];
  const controller = new AbortController();
  const ending = run({ ...step(""), command: [...command, "parent", "child"] }, controller.signal);
  const logged = async () => (await readFile(log, "utf8")).trim().split("\n").sort();
  await expect.poll(logged, { timeout: 20_000 }).toEqual(["child ready", "parent ready"]);
  controller.abort();
  expect((await ending).failures).toHaveLength(1);
  expect((await logged()).filter((line) => line.endsWith("interrupted"))).toEqual([
    "child interrupted",
    "parent interrupted",
  ]);
});
