export type Counts = { passed: number; failed: number; skipped: number };

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** From vitest's JSON reporter. */
export function vitestCounts(text: string): Counts {
  const report = JSON.parse(text);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** From Playwright's JSON reporter. A test that passed only at a second try did not pass. */
export function playwrightCounts(text: string): Counts {
  const { expected, unexpected, flaky, skipped } = JSON.parse(text).stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/** What a step counts for: a command that failed has at least one failure, whatever its report says. */
export function outcome(ok: boolean, report: Counts | undefined): Counts {
  if (!report) return { ...noCounts, [ok ? "passed" : "failed"]: 1 };
  return { ...report, failed: Math.max(report.failed, ok ? 0 : 1) };
}

/** The last line of `bin/test`, which CI reads. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
}
