import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

// Where package managers put servers that are often not on a user's PATH.
const ALSO = ["/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

/** The full path of the first of these programs that this machine has. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...ALSO];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The environment of a program that is no app: nothing of ours but where programs are. The cast is for the apps,
 * where Next's types demand a NODE_ENV of every environment.
 */
export function bareEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: Record<string, string | undefined> = { PATH: process.env.PATH, LC_ALL: "C", ...more };
  return env as NodeJS.ProcessEnv;
}
