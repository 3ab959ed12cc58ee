import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const appsFolder = join(import.meta.dirname, "../apps");

/** One of our apps with one of its manifests. */
export interface BuiltApp {
  /** `db-app`, `cache-app:redis` */
  name: string;
  dir: string;
  manifest: string;
  /** The plans of its add-ons. */
  addons: { plan: string }[];
}

/** Every app that is built; only those in E2E_APPS (`db-app,cache-app:redis`) where it is set. */
export function builtApps(): BuiltApp[] {
  const wanted = process.env.E2E_APPS?.split(",");
  const apps = readdirSync(appsFolder)
    .flatMap((folder) => variantsOf(folder))
    .filter(({ name }) => !wanted || wanted.includes(name));
  const missing = apps.find(({ dir }) => !existsSync(join(dir, ".next/standalone/Procfile")));
  if (missing) throw new Error(`[e2e] ${missing.name} is not built. Run \`pnpm turbo run build\`.`);
  return apps;
}

function variantsOf(folder: string): BuiltApp[] {
  const dir = join(appsFolder, folder);
  return readdirSync(dir).flatMap((manifest) => {
    const match = /^app(?:\.(\w+))?\.json$/.exec(manifest);
    if (!match) return [];
    const name = match[1] ? `${folder}:${match[1]}` : folder;
    const { addons = [] } = JSON.parse(readFileSync(join(dir, manifest), "utf8"));
    return { name, dir, manifest, addons };
  });
}
