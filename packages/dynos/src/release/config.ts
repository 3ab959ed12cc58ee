import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../run/state-folder.ts";
import type { Manifest } from "./manifest.ts";
import type { Config } from "./types.ts";

/**
 * The config vars that the Deploy button would set: the manifest's generated secrets and values, then those of the
 * add-ons, then the user's. Later ones win.
 * @throws when a config var that the manifest requires has no value
 */
export function firstConfig(
  app: string,
  manifest: Manifest,
  addonVars: Config,
  given: Config,
): Config {
  const entries = Object.entries(manifest.env);
  const generated = entries.filter(([, entry]) => entry.generator === "secret").map(([key]) => key);
  const values = entries.flatMap(([key, { value }]) => (value ? [[key, value]] : []));
  const config = {
    ...keptSecrets(app, generated),
    ...Object.fromEntries(values),
    ...addonVars,
    ...given,
  };
  for (const [key, { required = true, description }] of entries) {
    if (!required || config[key]) continue;
    const about = description ? ` ("${description}")` : "";
    throw new Error(
      `[dynos] Missing config var \`${key}\`${about}, which \`${manifest.path}\` requires. Add \`--env ${key}=…\`.`,
    );
  }
  return config;
}

/** The manifest's first config var with `generator: secret`. */
export function generatedSecret({ env }: Manifest): string | null {
  return Object.keys(env).find((key) => env[key]?.generator === "secret") ?? null;
}

/**
 * `KEY=value` from the command line; a value may contain equals signs.
 * @throws for a text without a key
 */
export function parseAssignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new Error(`[dynos] \`${text}\` is not of the form \`KEY=value\`.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** A buildpack's secret, which is not a config var: 64 bytes as hex, as Heroku's for Ruby. */
export function keptSecret(app: string, key: string): string {
  return keptSecrets(app, [key], 64)[key] ?? "";
}

/** The values of generated config vars, made at the first run of an app and kept for later ones. */
function keptSecrets(app: string, keys: readonly string[], bytes = 32): Record<string, string> {
  if (keys.length === 0) return {};
  const path = join(stateFolder(app), "secrets.json");
  const kept: Record<string, string> = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : {};
  const missing = keys.filter((key) => !(key in kept));
  for (const key of missing) kept[key] = randomBytes(bytes).toString("hex");
  if (missing.length > 0) {
    // Renamed into place, so that another run never reads half a file.
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  }
  return Object.fromEntries(keys.map((key) => [key, kept[key] ?? ""]));
}
