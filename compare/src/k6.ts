import { existsSync, readFileSync, rmSync } from "node:fs";
import { type Summary, summarySchema } from "@repo/load/summary-schema";
import { execa } from "execa";
import { z } from "zod";

export interface ScriptRun {
  script: string;
  /** The script's `-e` options. */
  env: Record<string, string>;
  /** The file for the script's summary. */
  summary: string;
  /** The file for the operations of its visitors. */
  history: string;
  /** The file for k6's raw samples; `null` for none. */
  samples: string | null;
  signal: AbortSignal;
}

/** Runs one script with k6. Returns its summary, or why there is none. */
export async function runScript(run: ScriptRun): Promise<Summary | { failed: string }> {
  for (const file of [run.summary, run.history]) rmSync(file, { force: true });
  const { exitCode, signal, all } = await execa("k6", scriptArgs(run), {
    all: true,
    reject: false,
    stdin: "ignore",
    maxBuffer: 10_000_000,
    cancelSignal: run.signal,
    killSignal: "SIGKILL",
    // A separate process group, so that Ctrl-C in the terminal reaches k6 only through us.
    detached: true,
  });
  if (existsSync(run.summary)) return readSummary(run.summary);
  if (signal) return { failed: `k6 was killed (${signal})` };
  return { failed: lastError(all) ?? `k6 ended with exit code ${exitCode} and no summary` };
}

function scriptArgs({ script, env, summary, history, samples }: ScriptRun): string[] {
  const variables = Object.entries({ ...env, SUMMARY: summary, HISTORY: "1" });
  return [
    "run",
    "--quiet",
    "--no-color",
    "--no-usage-report",
    // No REST API: two k6 at a time would need the same port.
    "--address=",
    // What the script writes to the console is the history, and nothing stands around its lines.
    "--log-format=raw",
    `--console-output=${history}`,
    ...(samples ? ["--out", `json=${samples}`] : []),
    ...variables.flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    script,
  ];
}

function readSummary(file: string): Summary | { failed: string } {
  const summary = summarySchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (summary.success) return summary.data;
  return { failed: `the script's summary is not valid: ${z.prettifyError(summary.error)}` };
}

/**
 * The version of the k6 on the PATH, such as "2.2.0".
 *
 * @throws an `Error` if there is none, or one of another major version
 */
export async function k6Version(): Promise<string> {
  const { stdout = "" } = await execa("k6", ["version"], { reject: false });
  const version = /k6(?:\.exe)? v(\d+)([^\s]*)/.exec(stdout);
  if (version?.[1] === "2") return `${version[1]}${version[2]}`;
  const found = version ? `Found k6 v${version[1]}` : "No `k6` found";
  throw new Error(
    `${found}: version 2 is needed. Install it (https://grafana.com/docs/k6/latest/set-up/install-k6), or Go 1.25, with which \`bin/setup\` builds it.`,
  );
}

/** The last message about an error, without the lines that say where it happened. */
function lastError(output: string): string | undefined {
  const lines = output.split("\n").filter((line) => /error|abort/i.test(line));
  return lines.at(-1)?.trim().slice(0, 400);
}
