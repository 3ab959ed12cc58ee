import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** A failed test: where it is and its first words, so that the end of a long log says what to mend. */
export type Failure = { test: string; says: string };

type VitestReport = {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

/** From vitest's JSON reporter. A file that could not be loaded has a message and no failed test. */
export function vitestFailures(text: string, root: string): Failure[] {
  const { testResults } = JSON.parse(text) as VitestReport;
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [{ test: file, says: brief(message) }];
    return failed.map(({ fullName, failureMessages }) => ({
      test: `${file} > ${fullName}`,
      says: brief(failureMessages.join("\n")),
    }));
  });
}

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: {
    file: string;
    line: number;
    title: string;
    tests: { status: string; results: { error?: { message?: string } }[] }[];
  }[];
};

/** From Playwright's JSON reporter, with the ones that passed only at a second try. */
export function playwrightFailures(text: string): Failure[] {
  const { suites = [], errors = [] } = JSON.parse(text) as {
    suites?: PlaywrightSuite[];
    errors?: { message?: string }[];
  };
  return [
    ...errors.map(({ message = "" }) => ({ test: "Playwright", says: brief(message) })),
    ...suites.flatMap(failedSpecs),
  ];
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

const linesShown = 12;

/** The first lines of an error, or the last ones of a command's output, without colours. */
export function brief(text: string, end: "first" | "last" = "first"): string {
  const lines = stripVTControlCharacters(text).trim().split("\n");
  return lines.slice(...(end === "first" ? [0, linesShown] : [-linesShown])).join("\n");
}

/** The closing list of `bin/test`. */
export function failureList(failures: Failure[]): string {
  return failures
    .map(({ test, says }) => `✗ ${test}\n${says.replace(/^/gm, "    ")}`.trimEnd())
    .join("\n\n");
}
