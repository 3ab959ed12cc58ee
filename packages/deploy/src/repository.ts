import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** This checkout. */
export const repository = join(import.meta.dirname, "../../..");

export const appNames: string[] = readdirSync(join(repository, "apps")).filter(
  (name) => !name.startsWith("."),
);

/** The manifests of one app: `app.json`, and `app.VARIANT.json` for the same app on another add-on. */
export function manifestsOf(app: string): { file: string; variant?: string }[] {
  return readdirSync(join(repository, "apps", app)).flatMap((file) => {
    const match = /^app(?:\.(\w+))?\.json$/.exec(file);
    return match ? [{ file: `apps/${app}/${file}`, ...(match[1] && { variant: match[1] }) }] : [];
  });
}

export const readJson = (path: string) => JSON.parse(readFileSync(join(repository, path), "utf8"));
