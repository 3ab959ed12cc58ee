import { spawn } from "node:child_process";

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Where it goes as it comes; what is kept for the result is all of it. */
  onOutput?: (text: string) => void;
  /** Ended by SIGTERM after so long. */
  timeoutMs?: number;
}

/** Runs a command to its end, and answers its exit code and all that it printed. Never throws for a failure. */
export function run(command: string[], options: RunOptions) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const [program = "", ...args] = command;
    const { cwd, env, onOutput, timeoutMs: timeout } = options;
    const child = spawn(program, args, { cwd, env, timeout, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (text: string) => {
      output += text;
      onOutput?.(text);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** The same, for a command that has to succeed. */
export async function mustRun(command: string[], options: RunOptions): Promise<string> {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  // Not once more what was shown as it came.
  const shown = options.onOutput ? "." : `:\n${output.trimEnd()}`;
  throw new Error(`[deploy] \`${command.join(" ")}\` ended with ${code}${shown}`);
}
