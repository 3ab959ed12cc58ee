import { expect, test } from "vitest";
import { closingLine, outcome, playwrightCounts, vitestCounts } from "./counts.ts";

test("adds up what vitest and Playwright report", () => {
  const unit = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  expect(vitestCounts(JSON.stringify(unit))).toEqual({ passed: 7, failed: 1, skipped: 3 });
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 0 };
  expect(playwrightCounts(JSON.stringify({ stats }))).toEqual({ passed: 5, failed: 2, skipped: 0 });
});

test("a suite that could not be loaded is a failure, though no test in it failed", () => {
  expect(outcome(false, { passed: 9, failed: 0, skipped: 0 }).failed).toBe(1);
});

test("a command without figures is one check", () => {
  expect(outcome(true, undefined)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(outcome(false, undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("the last line is what CI reads", () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(closingLine({ passed: 3, failed: 0, skipped: 2 })).toBe("3 passed, 0 failed, 2 skipped");
});
