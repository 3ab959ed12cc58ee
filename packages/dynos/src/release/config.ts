import type { Manifest } from "./manifest.ts";
import { keptSecrets } from "./secrets.ts";

export type Config = Readonly<Record<string, string>>;

/**
 * The config vars that the Deploy button would set: the manifest's values and secrets, those of the add-ons,
 * and above all of them what the user gives.
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

/** `KEY=value` from the command line; a value may hold more equals signs. */
export function parseAssignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new Error(`[dynos] \`${text}\` is not of the form \`KEY=value\`.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
