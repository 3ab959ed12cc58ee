import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { ROOT } from "@repo/registry";
import { type Counts, outcome } from "./counts.ts";
import { brief, type Failure } from "./failures.ts";
import type { Step } from "./steps.ts";

export type Outcome = { counts: Counts; failures: Failure[] };

/** Runs one step, its output to the terminal as it comes, and answers what it counts for. */
export async function runStep(step: Step): Promise<Outcome> {
  const { ok, output } = await run(step);
  const report = await readReport(step);
  const counts = outcome(ok, report?.counts);
  if (counts.failed === 0) return { counts, failures: [] };
  const named = report?.failures ?? [];
  return { counts, failures: named.length ? named : [{ test: step.name, says: output }] };
}

/** A command that was killed leaves no figures, or half of them; it counts as one failure then. */
async function readReport({ report }: Step): Promise<Outcome | undefined> {
  if (!report) return;
  try {
    const text = await readFile(report.file, "utf8");
    return { counts: report.counts(text), failures: report.failures(text, ROOT) };
  } catch {
    return { counts: outcome(false, undefined), failures: [] };
  }
}

/** On a terminal the command writes to it directly, for its colours; into a log, its last words are kept. */
async function run(step: Step): Promise<{ ok: boolean; output: string }> {
  const [command = "", ...args] = step.command;
  const stdio = process.stdout.isTTY ? "inherit" : "pipe";
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      ...step.env,
      PATH: `${ROOT}/node_modules/.bin:${process.env.PATH}`,
    },
    stdio: ["ignore", stdio, stdio],
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-4000);
  };
  child.stdout?.on("data", keep).pipe(process.stdout, { end: false });
  child.stderr?.on("data", keep).pipe(process.stderr, { end: false });
  const ok = await new Promise<boolean>((resolve) => {
    child.on("error", (error) => {
      console.error(`[test] ${error.message}`);
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
  return { ok, output: brief(output, "last") };
}
