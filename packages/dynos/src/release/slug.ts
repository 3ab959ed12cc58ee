import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { copyTree, copyTreeWithout } from "@repo/addons/copy-tree";
import { buildpackOf } from "./buildpack.ts";
import { readProcfile } from "./procfile.ts";
import type { Slug } from "./types.ts";

interface PackageJson {
  name?: string;
  /** `slug`: the self-contained folder that the app's build leaves. `devPort`: its port under `dynos dev`. */
  dynos?: { slug?: string; devPort?: number };
}

export function readPackageJson(folder: string): PackageJson | undefined {
  const path = join(folder, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/**
 * The folder whose content runs: the app's own, or the one that its build leaves.
 * @throws when it does not exist
 */
export function slugSource(folder: string): string {
  if (!existsSync(folder)) throw new Error(`[dynos] There is no folder \`${folder}\`.`);
  const packageJson = readPackageJson(folder);
  if (!packageJson?.dynos?.slug) return folder;
  const source = resolve(folder, packageJson.dynos.slug);
  if (!existsSync(source)) {
    const build = `pnpm turbo run build --filter=${packageJson.name}`;
    throw new Error(`[dynos] Missing folder \`${source}\`. Build the app first: \`${build}\`.`);
  }
  return source;
}

/**
 * Copies an app into a new slug, without what its `.slugignore` names
 * (https://devcenter.heroku.com/articles/slug-compiler, 9 Mar 2022).
 * @param app its name, by which the secret of its buildpack is kept
 * @throws before it copies, when there is no valid Procfile
 */
export async function makeSlug(folder: string, parent: string, app: string): Promise<Slug> {
  const source = slugSource(folder);
  const procfile = readProcfile(source);
  const target = join(mkdtempSync(join(parent, "slug-")), "app");
  mkdirSync(target);
  const ignored = ignorePatterns(source);
  if (ignored.length > 0) await copyTreeWithout(source, target, ignored);
  else await copyTree(source, target);
  const buildpack = buildpackOf(app, [...new Set([folder, source])]);
  return { folder: target, procfile, buildpack };
}

function ignorePatterns(source: string): string[] {
  const path = join(source, ".slugignore");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const patterns = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  return existsSync(join(source, ".git")) ? [...patterns, "/.git"] : patterns;
}
