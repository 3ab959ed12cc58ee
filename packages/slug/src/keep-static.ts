#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { cp, mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { findRoot } from "./find-root.ts";

/** Releases whose static files a slug has beside its own, 0.6 MB each: pages stay open over more than one deploy. */
const KEPT_RELEASES = 3;

/**
 * A page that is open during a deploy goes on asking for the scripts and styles of its own release, and is answered by
 * dynos of the new one. So the slug of `appDir` also gets the static files of the releases before, which an earlier
 * build left in `.cache/static` of the repository; and this build leaves its own there. The platform has to keep that
 * folder from build to build: on Heroku it is named in package.json, under `cacheDirectories`.
 *
 * @returns how many earlier releases the slug now has files of
 * @throws when the app is not built
 */
export async function keepStatic(appDir: string): Promise<number> {
  const root = findRoot(appDir);
  const app = appDir.slice(root.length + 1);
  const built = join(appDir, ".next/static");
  const inSlug = join(appDir, ".next/standalone", app, ".next/static");
  const releases = join(root, ".cache/static", app);
  const own = join(releases, deploymentId(appDir));
  await mkdir(releases, { recursive: true });
  await cp(built, own, { recursive: true });
  const now = new Date();
  await utimes(own, now, now);

  const earlier = (await newestFirst(releases)).filter((folder) => folder !== own);
  for (const folder of earlier.splice(KEPT_RELEASES)) await rm(folder, { recursive: true });
  // The names are hashes of the content, except for a few that the pages of an App Router do not ask for.
  for (const folder of earlier) await cp(folder, inSlug, { recursive: true, force: false });
  return earlier.length;
}

/** What the pages of this build send along, so that another build is told from it. */
function deploymentId(appDir: string): string {
  const file = join(appDir, ".next/required-server-files.json");
  const { config } = JSON.parse(readFileSync(file, "utf8"));
  return config.deploymentId || readFileSync(join(appDir, ".next/BUILD_ID"), "utf8");
}

async function newestFirst(folder: string): Promise<string[]> {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const times = new Map<string, number>();
  for (const path of paths) times.set(path, (await stat(path)).mtimeMs);
  return paths.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
}

if (import.meta.main) {
  const kept = await keepStatic(process.cwd());
  console.log(`[slug] Static files of ${kept} earlier releases are in the slug too.`);
}
