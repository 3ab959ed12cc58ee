import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, readApps } from "@repo/registry";

/** One of our apps with one of its manifests. */
export interface BuiltApp extends Pick<Manifest, "addons"> {
  /** `db-app`, `cache-app:redis` */
  name: string;
  dir: string;
  manifest: string;
}

/** Every app that is built; only those in E2E_APPS (`db-app,cache-app:redis`) where it is set. */
export function builtApps(): BuiltApp[] {
  const wanted = process.env.E2E_APPS?.split(",");
  const apps = readApps()
    .flatMap(({ dir, manifests }) =>
      manifests.map(({ name, file, addons }) => ({ name, dir, manifest: file, addons })),
    )
    .filter(({ name }) => !wanted || wanted.includes(name));
  const missing = apps.find(({ dir }) => !existsSync(join(dir, ".next/standalone/Procfile")));
  if (missing) throw new Error(`[e2e] ${missing.name} is not built. Run \`pnpm turbo run build\`.`);
  return apps;
}
