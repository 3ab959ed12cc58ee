import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readApps } from "@repo/registry";
import { buildBare } from "./bare.ts";
import { bareRoutes } from "./bare-routes.ts";

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

/** Every built app with each of its manifests, in the order of the apps; only those named, where some are. */
export function findVariants(names: readonly string[]): Variant[] {
  return readApps().flatMap(({ name: app, dir, manifests }) => {
    const slug = join(dir, ".next/standalone");
    if (!existsSync(slug)) return [];
    return manifests
      .filter(({ name }) => !names.length || names.includes(name) || names.includes(app))
      .map(({ name, file }) =>
        addBareRoute({ name, app, manifest: join(dir, file), slug, extraPaths: [] }, dir),
      );
  });
}

/** An app on a library whose README shows all that a session takes is measured against it, in the same build. */
function addBareRoute(variant: Variant, dir: string): Variant {
  const { dependencies } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const library = Object.keys(bareRoutes).find((name) => name in dependencies);
  return library ? { ...variant, ...buildBare(dir, library) } : variant;
}
