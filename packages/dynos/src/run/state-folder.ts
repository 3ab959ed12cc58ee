import { mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What is kept between runs, one folder per app. `DYNOS_HOME` puts it elsewhere (tests do). */
export function stateRoot(): string {
  const { DYNOS_HOME, XDG_STATE_HOME } = process.env;
  return DYNOS_HOME || join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "dynos");
}

/** The folder of one app; only its user may look into it, for it holds secrets. */
export function stateFolder(app: string): string {
  const folder = join(stateRoot(), app);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export function knownApps(): string[] {
  try {
    return readdirSync(stateRoot());
  } catch {
    return []; // Nothing was ever up.
  }
}
