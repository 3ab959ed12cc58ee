import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runStep } from "./run-step.ts";
import { steps } from "./steps.ts";

const plain = (command: string) => ({ name: "lint", does: "", command: ["sh", "-c", command] });

test("a command that fails is one failure, with its last words", async () => {
  const { counts, failures } = await runStep(plain("echo looking; echo no good >&2; exit 3"));
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(failures).toEqual([{ test: "lint", says: "looking\nno good" }]);
});

test("a command that passes says nothing at the end", async () => {
  expect(await runStep(plain("echo fine"))).toEqual({
    counts: { passed: 1, failed: 0, skipped: 0 },
    failures: [],
  });
});

test("a suite that ended before it wrote its figures is a failure", async () => {
  const reports = await mkdtemp(join(tmpdir(), "run-step-"));
  const unit = steps([], reports).find(({ name }) => name === "unit");
  if (!unit?.report) throw new Error("no step `unit` with figures");
  const killed = { ...unit, command: ["sh", "-c", "echo started; kill -9 $$"] };
  const { counts, failures } = await runStep(killed);
  expect(counts.failed).toBe(1);
  expect(failures).toEqual([{ test: "unit", says: "started" }]);

  await writeFile(unit.report.file, '{"numPassedTests": 4, "num');
  expect(await runStep(killed)).toEqual({
    counts: { passed: 0, failed: 1, skipped: 0 },
    failures: [{ test: "unit", says: "started" }],
  });

  const figures = { numPassedTests: 4, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  await writeFile(unit.report.file, JSON.stringify({ ...figures, testResults: [] }));
  expect((await runStep(killed)).failures).toEqual([{ test: "unit", says: "started" }]);
  await rm(reports, { recursive: true });
});
