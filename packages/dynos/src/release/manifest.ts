import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const strings = { description: z.string().optional(), value: z.string().optional() };

/** Heroku takes a config var's value alone, `"KEY": "value"`, and an add-on's plan alone. */
const shortFor = (key: string) => (input: unknown) =>
  typeof input === "string" ? { [key]: input } : input;

/**
 * The parts of an app.json that this local Heroku acts upon: https://devcenter.heroku.com/articles/app-json-schema (Jan
 * 2024). `quantity` has a default because it is open whether Heroku requires it.
 */
const schema = z.object({
  env: z
    .record(
      z.string(),
      z.preprocess(
        shortFor("value"),
        z.object({
          ...strings,
          /** Heroku's default is true. */
          required: z.boolean().optional(),
          generator: z.literal("secret").optional(),
        }),
      ),
    )
    .default({}),
  formation: z.record(z.string(), z.object({ quantity: z.int().min(0).default(1) })).default({}),
  addons: z
    .array(
      z.preprocess(shortFor("plan"), z.object({ plan: z.string(), as: z.string().optional() })),
    )
    .default([]),
  scripts: z.object({ postdeploy: z.string().optional() }).default({}),
});

/** The keys that the same page documents. Any other key is a warning, not an error. */
const KNOWN_KEYS: [parent: RegExp, keys: string][] = [
  [
    /^$/,
    "name description keywords website repository logo success_url scripts env formation addons buildpacks environments stack image",
  ],
  [/^env\.[^.]+$/, "description value required generator"],
  [/^formation\.[^.]+$/, "quantity size"],
  [/^addons\.\d+$/, "plan as options"],
  [/^scripts$/, "postdeploy pr-predestroy"],
];

export interface Manifest extends Omit<z.infer<typeof schema>, "scripts"> {
  readonly path: string;
  readonly postdeploy: string | undefined;
  /** What Heroku may not accept, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads an app.json.
 * @param optional whether the file may be missing; then the manifest is empty
 * @throws when the file is missing, is not JSON, or a key that is read has a wrong type
 */
export function readManifest(path: string, { optional = false } = {}): Manifest {
  const json = optional && !existsSync(path) ? {} : parse(path);
  const { success, data, error } = schema.safeParse(json);
  if (!success) {
    const lines = error.issues.map(({ path: keys, message }) => {
      const key = keys.length > 0 ? keys.join(".") : "app.json";
      return `  \`${key}\`: ${message.replace(/^Invalid input: /, "")}`;
    });
    throw new Error(`[dynos] \`${path}\` is not a valid app.json:\n${lines.join("\n")}`);
  }
  const { scripts, ...parts } = data;
  const warnings = unknownKeys(json).map(
    (key) => `\`${path}\`: \`${key}\` is not a key that Heroku documents. It is ignored.`,
  );
  return { path, ...parts, postdeploy: scripts.postdeploy, warnings };
}

function unknownKeys(value: unknown, parent = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const known = KNOWN_KEYS.find(([pattern]) => pattern.test(parent))?.[1].split(" ");
  return Object.entries(value).flatMap(([name, child]) => {
    const key = parent === "" ? name : `${parent}.${name}`;
    return known && !known.includes(name) ? [key] : unknownKeys(child, key);
  });
}

function parse(path: string): unknown {
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
