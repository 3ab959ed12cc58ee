import { execa } from "execa";

export interface RunOptions {
  cwd: string;
  /** The whole environment: nothing of this process is added. */
  env: NodeJS.ProcessEnv;
  /** Gets the output as it comes. The result has all of it too. */
  onOutput?: (text: string) => void;
  /** The command gets SIGTERM after this time. */
  timeoutMs?: number;
}

/**
 * Runs a command to its end. A failure is a result, not an error.
 *
 * @returns the exit code, `null` if a signal ended the command, and everything that it printed
 * @throws an `Error` if the command cannot be started
 */
export async function run(
  [program = "", ...args]: string[],
  { cwd, env, onOutput, timeoutMs }: RunOptions,
): Promise<{ code: number | null; output: string }> {
  const running = execa(program, args, {
    ...{ cwd, env, extendEnv: false, timeout: timeoutMs, stdin: "ignore" },
    ...{ all: true, reject: false, stripFinalNewline: false },
  });
  if (onOutput) running.all.setEncoding("utf8").on("data", onOutput);
  const { exitCode, signal, all, cause } = await running;
  if (exitCode === undefined && signal === undefined) throw cause;
  return { code: exitCode ?? null, output: all };
}

/**
 * Runs a command that has to succeed.
 *
 * @returns everything that it printed
 * @throws an `Error` with the exit code and the output, unless `onOutput` has shown it already
 */
export async function mustRun(command: string[], options: RunOptions): Promise<string> {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  const shown = options.onOutput ? "." : `:\n${output.trimEnd()}`;
  throw new Error(`[deploy] \`${command.join(" ")}\` ended with ${code}${shown}`);
}
