import type { Manifest } from "../release/manifest.ts";
import type { Procfile } from "../release/types.ts";
import type { Quantities } from "./types.ts";

/**
 * The manifest's formation, with one web dyno where it names none.
 * @param web replaces the number of web dynos
 * @throws when a process type is not in the Procfile, or a number is not from 0 to 100
 */
export function firstQuantities(manifest: Manifest, procfile: Procfile, web?: number): Quantities {
  const quantities: Record<string, number> = procfile.has("web") ? { web: 1 } : {};
  for (const [type, { quantity }] of Object.entries(manifest.formation)) {
    if (!procfile.has(type)) {
      throw new Error(
        `[dynos] \`${manifest.path}\`: \`formation.${type}\` has no process in the Procfile. Add a line \`${type}: …\` there.`,
      );
    }
    quantities[type] = quantity;
  }
  if (web !== undefined) quantities.web = web;
  checkQuantities(quantities, procfile);
  return quantities;
}

export function checkQuantities(quantities: Quantities, procfile: Procfile): void {
  for (const [type, quantity] of Object.entries(quantities)) {
    if (!procfile.has(type) || type === "release") {
      const types = [...procfile.keys()].filter((each) => each !== "release").join(", ");
      throw new Error(`[dynos] The Procfile has no process type \`${type}\`. There are: ${types}.`);
    }
    if (!Number.isSafeInteger(quantity) || quantity < 0 || quantity > 100) {
      throw new Error(`[dynos] \`${type}=${quantity}\` is not a number of dynos. Use 0 to 100.`);
    }
  }
}
