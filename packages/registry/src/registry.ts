import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Traits, traitsSchema } from "./traits.ts";

/** The root of this repository. */
export const ROOT = join(import.meta.dirname, "../../..");

const packageSchema = z.object({
  strategy: z.object({ title: z.string(), traits: traitsSchema }).optional(),
  dynos: z.object({ devPort: z.number().optional() }).optional(),
});

/** Heroku accepts a config var's value alone, `"KEY": "value"`, as well as an object that describes it. */
const configVarSchema = z.union([
  z.string().transform((value) => ({ value })),
  z.object({ value: z.string().optional() }),
]);

/** The parts of an `app.json` that this repository's tools read. */
const manifestSchema = z.object({
  env: z.record(z.string(), configVarSchema).default({}),
  formation: z.record(z.string(), z.object({ quantity: z.number(), size: z.string() })).default({}),
  addons: z.array(z.object({ plan: z.string() })).default([]),
});

/** One way to deploy an app: `app.json`, or `app.VARIANT.json` for the same app with other add-ons. */
export interface Manifest extends z.infer<typeof manifestSchema> {
  /** `cache-app`, or `cache-app:redis` for the variant `redis`. */
  name: string;
  variant: string | null;
  /** The file's name in the app's folder. */
  file: string;
}

export interface App {
  /** The name of its folder in `apps/`. */
  name: string;
  /** The folder's absolute path. */
  dir: string;
  /** The strategy's title, such as `Database`. */
  title: string;
  traits: Traits;
  /** `app.json` first, then the variants by name. */
  manifests: Manifest[];
}

/**
 * Finds every app: each folder in `apps/` whose `package.json` has a `strategy`. The order is that of the
 * apps' development ports: cookie, database, cache, file.
 *
 * @param root a checkout of this repository
 * @throws an `Error` that names the file whose content is wrong
 */
export function readApps(root: string = ROOT): App[] {
  const folder = join(root, "apps");
  const found = readdirSync(folder).flatMap((name) => {
    const dir = join(folder, name);
    const file = join(dir, "package.json");
    if (!existsSync(file)) return [];
    const { strategy, dynos } = readFile(file, packageSchema);
    if (!strategy) return [];
    const order = dynos?.devPort ?? Number.POSITIVE_INFINITY;
    return [{ order, app: { name, dir, ...strategy, manifests: readManifests(name, dir) } }];
  });
  return found
    .sort((a, b) => a.order - b.order || a.app.name.localeCompare(b.app.name))
    .map(({ app }) => app);
}

function readManifests(app: string, dir: string): Manifest[] {
  return readdirSync(dir)
    .flatMap((file) => {
      const match = /^app(?:\.([^.]+))?\.json$/.exec(file);
      if (!match) return [];
      const variant = match[1] ?? null;
      const name = variant ? `${app}:${variant}` : app;
      return [{ name, variant, file, ...readFile(join(dir, file), manifestSchema) }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function readFile<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (result.success) return result.data;
  throw new Error(`[registry] \`${file}\` is not valid.\n${z.prettifyError(result.error)}`);
}
