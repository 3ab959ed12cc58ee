import { mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";

/** Where the state of all apps is kept between runs, one folder per app. `DYNOS_HOME` overrides it. */
export function stateRoot(): string {
  const { DYNOS_HOME, XDG_STATE_HOME } = process.env;
  return DYNOS_HOME || join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "dynos");
}

/** The folder of one app. It contains secrets: only its user can open it. */
export function stateFolder(app: string): string {
  const folder = join(stateRoot(), app);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export function knownApps(): string[] {
  try {
    return readdirSync(stateRoot());
  } catch {
    return []; // No app was ever up.
  }
}

/**
 * An app's name: `asked`, or one made from the folder's name. Its length is Heroku's limit
 * (https://devcenter.heroku.com/articles/limits, 9 Jan 2025); its characters are unsourced.
 * @throws when `asked` is not a valid name
 */
export function appName(folder: string, asked?: string): string {
  if (asked !== undefined) {
    if (/^[a-z][a-z0-9-]{0,29}$/.test(asked)) return asked;
    throw new Error(
      `[dynos] \`${asked}\` is not a name for an app. Use up to 30 lower-case letters, digits and dashes.`,
    );
  }
  const made = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 30);
  return made || "app";
}
