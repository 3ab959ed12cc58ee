import { spawn } from "node:child_process";
import { ROOT } from "@repo/registry";

/**
 * Builds what is not built yet. Answers the apps that failed, each with the end of what the build said; one
 * that fails does not stop the others.
 */
export async function build(
  apps: string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const all = await turbo(apps, onLine, signal);
  const failed = new Map<string, string>();
  if (all.code === 0 || signal.aborted) return failed;
  for (const app of apps) {
    const one = await turbo([app], onLine, signal);
    if (one.code !== 0) failed.set(app, one.output.trim().split("\n").slice(-5).join(" "));
  }
  return failed;
}

function turbo(apps: string[], onLine: (line: string) => void, signal: AbortSignal) {
  const filters = apps.map((app) => `--filter=${app}`);
  const args = ["exec", "turbo", "run", "build", "--ui=stream", "--continue", ...filters];
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn("pnpm", args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output = (output + chunk).slice(-20_000);
      const line = String(chunk).trim().split("\n").at(-1);
      if (line) onLine(line);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const stop = () => child.kill("SIGTERM");
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      resolve({ code, output });
    });
  });
}
