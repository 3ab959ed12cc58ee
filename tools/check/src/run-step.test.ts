import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runStep } from "./run-step.ts";

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), "run-step-"));
});
afterEach(() => rm(reports, { recursive: true }));

const step = (script: string) => ({ name: "unit", does: "", command: ["sh", "-c", script] });

test("a command that fails is one failure, with its last words", async () => {
  expect(await runStep(step("echo looking; echo no good >&2; exit 3"), reports)).toEqual({
    passed: 0,
    skipped: 0,
    failures: [{ test: "unit", says: "looking\nno good" }],
  });
});

test("a command that does not exist is one failure that names it", async () => {
  const { failures } = await runStep({ ...step(""), command: ["no-such-command"] }, reports);
  expect(failures).toEqual([{ test: "unit", says: expect.stringContaining("no-such-command") }]);
});

test("a command that passes is one check", async () => {
  expect(await runStep(step("echo fine"), reports)).toEqual({
    passed: 1,
    skipped: 0,
    failures: [],
  });
});

const counts = { numPassedTests: 4, numPendingTests: 0, numTodoTests: 0 };

test.each([
  ["did not write its report", undefined],
  ["wrote half of its report", '{"numPassedTests": 4, "num'],
])("a suite that ended and %s is one failure", async (_, text) => {
  const suite = { ...step("echo started; kill -9 $$"), report: "vitest" as const };
  if (text) await writeFile(join(reports, "unit.json"), text);
  const { passed, failures } = await runStep(suite, reports);
  expect([passed, failures.map(({ test }) => test)]).toEqual([0, ["unit"]]);
});

test("a suite whose tests passed fails if its command did", async () => {
  const suite = { ...step("echo started; exit 1"), report: "vitest" as const };
  await writeFile(join(reports, "unit.json"), JSON.stringify({ ...counts, testResults: [] }));
  expect((await runStep(suite, reports)).failures).toEqual([{ test: "unit", says: "started" }]);
});
