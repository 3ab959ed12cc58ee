import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "@repo/registry";

/** A failed check: its name, and the first lines of its message. */
export interface Failure {
  test: string;
  says: string;
}

export interface Report {
  passed: number;
  skipped: number;
  failures: Failure[];
}

interface VitestReport {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** Reads the output of vitest's JSON reporter. A file that could not be loaded is one failure. */
export function readVitest(text: string, root = ROOT): Report {
  const report = JSON.parse(text) as VitestReport;
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [{ test: file, says: brief(message) }];
    return failed.map(({ fullName, failureMessages }) => ({
      test: `${file} > ${fullName}`,
      says: brief(failureMessages.join("\n")),
    }));
  });
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, skipped, failures };
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    file: string;
    line: number;
    title: string;
    tests: { status: string; results: { error?: { message?: string } }[] }[];
  }[];
}

interface PlaywrightReport extends PlaywrightSuite {
  stats: { expected: number; skipped: number };
  errors?: { message?: string }[];
}

/** Reads the output of Playwright's JSON reporter. A test that passed only at the second try is a failure. */
export function readPlaywright(text: string): Report {
  const { stats, errors = [], ...suite } = JSON.parse(text) as PlaywrightReport;
  const failures = [
    ...errors.map(({ message = "" }) => ({ test: "Playwright", says: brief(message) })),
    ...failedSpecs(suite),
  ];
  return { passed: stats.expected, skipped: stats.skipped, failures };
}

function failedSpecs({ suites = [], specs = [] }: PlaywrightSuite): Failure[] {
  const failed = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ results }) => ({
        test: `${file}:${line} > ${title}`,
        says: brief(results.map(({ error }) => error?.message ?? "").find(Boolean) ?? ""),
      })),
  );
  return [...failed, ...suites.flatMap(failedSpecs)];
}

const LINES_SHOWN = 12;

/** The first lines of an error, or the last ones of a command's output, without colors. */
export function brief(text: string, end: "first" | "last" = "first"): string {
  const lines = stripVTControlCharacters(text).trim().split("\n");
  return lines.slice(...(end === "first" ? [0, LINES_SHOWN] : [-LINES_SHOWN])).join("\n");
}

/** The report of a step that cannot run because of another one. */
export function notRun(step: string, why: string): Report {
  return { passed: 0, skipped: 0, failures: [{ test: step, says: `Not run: ${why}.` }] };
}

export function sum(reports: Report[]): Report {
  return {
    passed: reports.reduce((total, { passed }) => total + passed, 0),
    skipped: reports.reduce((total, { skipped }) => total + skipped, 0),
    failures: reports.flatMap(({ failures }) => failures),
  };
}

/** The last line of `bin/test`, which CI reads: `N passed, N failed`, and `, N skipped` if there are any. */
export function totalLine({ passed, failures, skipped }: Report): string {
  return `${passed} passed, ${failures.length} failed${skipped ? `, ${skipped} skipped` : ""}`;
}

/** All failures with their messages, for the end of a long log. */
export function failureList({ failures }: Report): string {
  return failures
    .map(({ test, says }) => `✗ ${test}\n${says.replace(/^/gm, "    ")}`.trimEnd())
    .join("\n\n");
}
