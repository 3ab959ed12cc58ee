import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Figure, Verdict } from "@repo/report/results";

/** What a script in `load/` leaves behind by `-e SUMMARY=file.json`. */
export interface Summary {
  scenario: string;
  question: string;
  verdict: Verdict;
  reason?: string;
  dynosSeen: number;
  affinity: boolean;
  requests: number;
  failedRequests: number;
  figures: Record<string, Figure>;
  headline: string;
}

export interface ScriptRun {
  script: string;
  env: Record<string, string>;
  summary: string;
  /** Where k6's raw samples go; null for none. */
  samples: string | null;
  signal: AbortSignal;
}

/** Runs one script. Answers its summary, or why there is none. */
export async function runScript(run: ScriptRun): Promise<Summary | { failed: string }> {
  rmSync(run.summary, { force: true });
  const { code, killedBy, output } = await k6(scriptArgs(run), run.signal);
  if (existsSync(run.summary)) return JSON.parse(readFileSync(run.summary, "utf8"));
  if (killedBy) return { failed: `k6 was killed (${killedBy})` };
  return { failed: lastError(output) ?? `k6 ended with exit code ${code} and no summary` };
}

function scriptArgs({ script, env, summary, samples }: ScriptRun): string[] {
  const variables = Object.entries({ ...env, SUMMARY: summary });
  return [
    "run",
    "--quiet",
    "--no-color",
    "--no-usage-report",
    // No REST API: two k6 at a time would want the same port.
    "--address=",
    ...(samples ? ["--out", `json=${samples}`] : []),
    ...variables.flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    script,
  ];
}

/** "2.2.0". Throws where there is no k6, or one of another major version. */
export async function k6Version(): Promise<string> {
  const { output } = await k6(["version"]).catch(() => ({ output: "" }));
  const version = /k6(?:\.exe)? v(\d+)([^\s]*)/.exec(output);
  if (version?.[1] === "2") return `${version[1]}${version[2]}`;
  const found = version ? `k6 v${version[1]} is too different` : "No `k6` found";
  throw new Error(
    `${found}: it takes version 2. Run \`bin/setup\`, or see https://grafana.com/docs/k6.`,
  );
}

interface Ended {
  code: number | null;
  killedBy: NodeJS.Signals | null;
  output: string;
}

function k6(args: string[], signal?: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that Ctrl-C in the terminal reaches us first and k6 through us.
    const child = spawn("k6", args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer) => {
      output = (output + chunk).slice(-100_000);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const stop = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", stop, { once: true });
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, killedBy, output });
    });
    if (signal?.aborted) stop();
  });
}

/** k6 logs as `time="…" level=error msg="…"`; the message is what a reader can use. */
function lastError(output: string): string | undefined {
  const message = /level=(?:error|fatal) msg="((?:[^"\\]|\\.)*)"/g;
  const found = [...output.matchAll(message)].at(-1)?.[1] ?? /level=error.*/.exec(output)?.[0];
  return found?.replaceAll('\\"', '"').replaceAll("\\n", " ").slice(0, 400);
}
