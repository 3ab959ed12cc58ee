import type { Manifest } from "../release/manifest.ts";
import type { Procfile } from "../release/procfile.ts";

/** How many dynos of each process type an app has. */
export type Quantities = Readonly<Record<string, number>>;

/** The manifest's formation, with one web dyno where it says nothing. */
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
      throw new Error(`[dynos] \`${type}=${quantity}\` is no number of dynos. Use 0 to 100.`);
    }
  }
}
