import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { execa } from "execa";
import { brief, type Report, readPlaywright, readVitest } from "./report.ts";
import type { Step } from "./steps.ts";
import type { Speaker } from "./turns.ts";

/**
 * Goes into each build, so every step asks turbo for the same one. Otherwise a step that builds, such as `compare`, would
 * replace the apps under those that run beside it.
 */
const ACTIONS_SECRET = "of bin/test, for builds that are tested on this machine";

/**
 * Runs one step.
 *
 * @param options.reports a folder for the JSON reports of vitest and Playwright
 * @param options.speaker is told what the command says, as it comes
 * @param options.signal interrupts the command with all that it started, as Ctrl-C does, and waits for its end
 */
export async function runStep(
  step: Step,
  { reports, speaker, signal }: { reports: string; speaker: Speaker; signal: AbortSignal },
): Promise<Report> {
  const file = join(reports, `${step.name}.json`);
  const [command = "", ...args] = [...step.command, ...reporters(step, file)];
  const running = execa(command, args, {
    cwd: ROOT,
    preferLocal: true,
    localDir: ROOT,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, ACTIONS_SECRET },
    stdin: "ignore",
    all: true,
    buffer: true,
    reject: false,
    // A separate process group: Ctrl-C reaches it once, by us, however it was sent.
    detached: true,
  });
  running.all.on("data", (text) => speaker.write(text));
  const interrupt = () => killGroup(running.pid, "SIGINT");
  // Nothing outlives bin/test, even where it has to leave at once.
  const leave = () => killGroup(running.pid, "SIGTERM");
  signal.addEventListener("abort", interrupt);
  process.on("exit", leave);
  const ended = await running;
  signal.removeEventListener("abort", interrupt);
  process.off("exit", leave);

  const report = await readReport(step, file);
  if (!ended.failed && report.failures.length === 0)
    return step.report ? report : { ...report, passed: 1 };
  if (report.failures.length > 0) return report;
  const says = brief(ended.all || ended.originalMessage || "", "last");
  return { ...report, failures: [{ test: step.name, says }] };
}

function killGroup(pid: number | undefined, signal: "SIGINT" | "SIGTERM"): void {
  try {
    if (pid) process.kill(-pid, signal);
  } catch {
    // It has just ended.
  }
}

const VITEST_JSON = join(import.meta.dirname, "vitest-json.ts");

function reporters({ report }: Step, file: string): string[] {
  const colors = process.stdout.isTTY ? ["--color"] : [];
  if (report === "vitest")
    return [
      ...["--reporter=default", `--reporter=${VITEST_JSON}`, `--outputFile.json=${file}`],
      ...colors,
    ];
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
