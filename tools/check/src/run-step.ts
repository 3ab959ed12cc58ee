import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { execa } from "execa";
import { brief, type Report, readPlaywright, readVitest } from "./report.ts";
import type { Step } from "./steps.ts";

/**
 * Runs one step; its output goes to the terminal as it comes.
 *
 * @param reports a folder for the JSON reports of vitest and Playwright
 */
export async function runStep(step: Step, reports: string): Promise<Report> {
  const file = join(reports, `${step.name}.json`);
  const [command = "", ...args] = [...step.command, ...reporters(step, file)];
  // On a terminal the command writes to it directly, for its colors.
  const output = process.stdout.isTTY ? "inherit" : (["inherit", "pipe"] as const);
  const ended = await execa(command, args, {
    cwd: ROOT,
    preferLocal: true,
    localDir: ROOT,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    stdin: "ignore",
    stdout: output,
    stderr: output,
    all: true,
    buffer: true,
    reject: false,
  });
  const report = await readReport(step, file);
  if (!ended.failed && report.failures.length === 0)
    return step.report ? report : { ...report, passed: 1 };
  if (report.failures.length > 0) return report;
  const says = brief(ended.all || ended.originalMessage || "", "last");
  return { ...report, failures: [{ test: step.name, says }] };
}

const VITEST_JSON = join(import.meta.dirname, "vitest-json.ts");

function reporters({ report }: Step, file: string): string[] {
  if (report === "vitest")
    return ["--reporter=default", `--reporter=${VITEST_JSON}`, `--outputFile.json=${file}`];
  return report === "playwright" ? ["--reporter=line,json"] : [];
}

/** A command that was killed leaves no report, or half of one. */
async function readReport({ name, report }: Step, file: string): Promise<Report> {
  const none: Report = { passed: 0, skipped: 0, failures: [] };
  if (!report) return none;
  try {
    const text = await readFile(file, "utf8");
    return report === "vitest" ? readVitest(text) : readPlaywright(text);
  } catch (error) {
    const { message } = error as Error;
    return { ...none, failures: [{ test: name, says: `The report is missing: ${message}` }] };
  }
}
