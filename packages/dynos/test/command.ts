import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export const DYNOS = join(import.meta.dirname, "../bin/dynos");

export interface RunningCommand {
  /** What it printed so far, on both outputs. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** The command as a user starts it; ended with the test, at the latest. */
export function startDynos(...parameters: string[]): RunningCommand {
  return startDynosIn(process.cwd(), {}, ...parameters);
}

export function startDynosIn(
  cwd: string,
  env: Record<string, string>,
  ...parameters: string[]
): RunningCommand {
  const child: ChildProcess = spawn(DYNOS, parameters, { cwd, env: { ...process.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
  });
  return { output: () => output, kill: (signal) => void child.kill(signal), ended };
}
