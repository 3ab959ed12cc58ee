import { existsSync, readFileSync } from "node:fs";
import type { AddonRequest } from "@repo/addons";
import { schemaErrors } from "./manifest-schema.ts";

export interface EnvEntry {
  readonly description?: string;
  readonly value?: string;
  /** Heroku's default is true. */
  readonly required?: boolean;
  readonly generator?: "secret";
}

/** The parts of an app.json that a local Heroku acts upon. */
export interface Manifest {
  readonly path: string;
  readonly env: Readonly<Record<string, EnvEntry>>;
  readonly formation: Readonly<Record<string, { readonly quantity: number }>>;
  readonly addons: readonly AddonRequest[];
  readonly postdeploy?: string | undefined;
}

/** Reads an app.json, and refuses one that Heroku would refuse. An app needs none, unless it was asked for. */
export function readManifest(path: string, { optional = false } = {}): Manifest {
  if (optional && !existsSync(path)) return { path, env: {}, formation: {}, addons: [] };
  const json = parse(path);
  const errors = schemaErrors(json);
  if (errors.length > 0) {
    throw new Error(
      `[dynos] Heroku would refuse \`${path}\`:\n${errors.map((e) => `  ${e}`).join("\n")}`,
    );
  }
  const { env = {}, formation = {}, addons = [], scripts = {} } = json;
  return {
    path,
    env,
    formation,
    addons: addons.map((addon: string | AddonRequest) =>
      typeof addon === "string" ? { plan: addon } : addon,
    ),
    postdeploy: scripts.postdeploy,
  };
}

function parse(path: string) {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error(`[dynos] Missing manifest \`${path}\`. Check \`--manifest\`.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`[dynos] \`${path}\` is not JSON: ${(error as Error).message}`);
  }
}
