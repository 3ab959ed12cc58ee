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
