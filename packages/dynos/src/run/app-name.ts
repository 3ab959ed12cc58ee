import { basename, resolve } from "node:path";

/** The name that was asked for, or one made from the folder's, by Heroku's rules. */
export function appName(folder: string, asked?: string): string {
  if (asked !== undefined) {
    if (/^[a-z][a-z0-9-]{0,29}$/.test(asked)) return asked;
    throw new Error(
      `[dynos] \`${asked}\` is no name for an app. Use up to 30 lower-case letters, digits and dashes.`,
    );
  }
  const made = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 30);
  return made || "app";
}
