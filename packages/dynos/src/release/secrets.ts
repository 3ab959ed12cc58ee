import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../run/state-folder.ts";

/** The values of an app's generated config vars: made once, and the same in every later run. */
export function keptSecrets(app: string, keys: readonly string[]): Record<string, string> {
  if (keys.length === 0) return {};
  const path = join(stateFolder(app), "secrets.json");
  const kept: Record<string, string> = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : {};
  const missing = keys.filter((key) => !(key in kept));
  for (const key of missing) kept[key] = randomBytes(32).toString("hex");
  if (missing.length > 0) {
    // Renamed into place, so that another run never reads half a file.
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  }
  return Object.fromEntries(keys.map((key) => [key, kept[key] ?? ""]));
}
