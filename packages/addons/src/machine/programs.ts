import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

// Where package managers put servers, often not on a user's PATH.
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
 * The environment for a program that is not an app: PATH and a locale only. Next.js' types, where they are loaded, demand
 * a NODE_ENV of every environment; hence the cast.
 */
export function bareEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: Record<string, string | undefined> = { PATH: process.env.PATH, LC_ALL: "C", ...more };
  return env as NodeJS.ProcessEnv;
}
