import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's root: the nearest folder above with a workspace file, the one Next traces from. */
export function findRoot(dir: string): string {
  if (existsSync(join(dir, "pnpm-workspace.yaml"))) return dir;
  const parent = dirname(dir);
  if (parent === dir)
    throw new Error("[slug] No `pnpm-workspace.yaml` here or above. Run it in an app's folder.");
  return findRoot(parent);
}
