import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Preparation } from "@repo/registry/peers";
import { execa } from "execa";
import type { Column, Local } from "./columns.ts";
import type { Output } from "./progress.ts";

/**
 * Brings the folders of the columns into a state that local dynos can run: installs what is missing.
 *
 * @returns why a column cannot run, by its name
 */
export async function prepareColumns(
  columns: Column[],
  output: Output,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  const folders = new Map<string, string | undefined>();
  for (const { name, local } of columns) {
    if (!local?.prepare) continue;
    const { dir, needs } = local;
    signal.throwIfAborted();
    if (!folders.has(dir)) folders.set(dir, await prepare(dir, local.prepare, output, signal));
    const why = folders.get(dir) ?? (needs && (await lacking(dir, needs)));
    if (why) failed.set(name, why);
  }
  return failed;
}

async function lacking(dir: string, { command, hint }: NonNullable<Local["needs"]>) {
  const { exitCode } = await execa(command, { cwd: dir, reject: false, shell: true });
  return exitCode === 0 ? undefined : `It needs ${hint}.`;
}

async function prepare(
  dir: string,
  { makes, commands, programs, hint }: Preparation,
  output: Output,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const program of programs) {
    const { exitCode } = await execa("which", [program], { reject: false });
    if (exitCode !== 0) return `${program} is missing. Install it: ${hint}`;
  }
  if (existsSync(join(dir, makes))) return undefined;
  for (const command of commands) {
    output.write(`[compare] ${dir}: ${command}\n`);
    const options = { cwd: dir, all: true, reject: false, stdin: "ignore", shell: true } as const;
    const { exitCode, all } = await execa(command, { ...options, cancelSignal: signal });
    if (exitCode !== 0) return `\`${command}\` failed: ${lastLine(all)}`;
  }
  return undefined;
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
