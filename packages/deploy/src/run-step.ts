import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { type Counts, outcome } from "./counts.ts";
import { repository } from "./repository.ts";
import type { Step } from "./steps.ts";

/** Runs one step, its output straight to the terminal, and answers what it counts for. */
export async function runStep(step: Step): Promise<Counts> {
  const [command = "", ...args] = step.command;
  const ok = await new Promise<boolean>((resolve) => {
    const child = spawn(command, args, {
      cwd: repository,
      env: {
        ...process.env,
        ...step.env,
        PATH: `${repository}/node_modules/.bin:${process.env.PATH}`,
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", (error) => {
      console.error(`[test] ${error.message}`);
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
  return outcome(ok, await figures(step));
}

/** A command that was killed leaves no figures; it counts by its exit code then. */
async function figures({ report }: Step): Promise<Counts | undefined> {
  if (!report) return;
  try {
    return report.counts(await readFile(report.file, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
