import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildBare } from "./bare.ts";
import { bareRoutes } from "./bare-routes.ts";

const APPS = join(import.meta.dirname, "../../apps");

export interface Variant {
  /** `cache-app:redis` for apps/cache-app with app.redis.json. */
  readonly name: string;
  readonly app: string;
  readonly manifest: string;
  /** The folder with `server.js` below it. */
  readonly slug: string;
  /** Other routes to measure like /api/session. */
  readonly extraPaths: readonly string[];
}

/** Every built app with each of its manifests; only those named, where some are. */
export function findVariants(names: readonly string[]): Variant[] {
  const all = readdirSync(APPS).flatMap((app) =>
    readdirSync(join(APPS, app))
      .filter((file) => /^app(\.\w+)?\.json$/.test(file))
      .map((file) => toVariant(app, file)),
  );
  const wanted = all.filter(
    ({ name, app }) => !names.length || names.includes(name) || names.includes(app),
  );
  return wanted.filter(({ slug }) => existsSync(slug)).map(addBareRoute);
}

function toVariant(app: string, file: string): Variant {
  const suffix = file.split(".").slice(1, -1).join(".");
  const manifest = join(APPS, app, file);
  const slug = join(APPS, app, ".next/standalone");
  return { name: suffix ? `${app}:${suffix}` : app, app, manifest, slug, extraPaths: [] };
}

/** An app on a library whose README shows all that a session takes is measured against it, in the same build. */
function addBareRoute(variant: Variant): Variant {
  const folder = join(APPS, variant.app);
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const library = Object.keys(bareRoutes).find((name) => name in dependencies);
  return library ? { ...variant, ...buildBare(folder, library) } : variant;
}
