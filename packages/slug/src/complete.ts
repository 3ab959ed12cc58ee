import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { bundle } from "./bundle.ts";
import { findRoot } from "./find-root.ts";

/** What the Procfile's commands need, taken from the repository's root. */
const fromRoot = ["Procfile", "bin/start-web", "bin/release", "bin/find-app"];

/**
 * Completes `.next/standalone` of the app in `appDir`, and answers its path. Next leaves out the static files
 * and `public` (it expects a CDN), and knows nothing of the release script, the check of the config vars and the start commands.
 */
export async function completeSlug(appDir: string): Promise<string> {
  const slug = join(appDir, ".next/standalone");
  const root = findRoot(appDir);
  const appInSlug = join(slug, relative(root, appDir));
  if (!existsSync(join(appInSlug, "server.js"))) {
    throw new Error(
      `[slug] No standalone build in \`${slug}\`. Run \`next build\` with \`output: "standalone"\` first.`,
    );
  }

  await mkdir(join(slug, "bin"), { recursive: true });
  for (const file of fromRoot) await cp(join(root, file), join(slug, file));
  await replace(join(appDir, ".next/static"), join(appInSlug, ".next/static"));
  await replace(join(appDir, "public"), join(appInSlug, "public"));
  await bundle(environmentOf(appDir), join(appInSlug, "environment.mjs"), appDir);
  const release = "./src/release.ts";
  await rm(join(appInSlug, "release.mjs"), { force: true });
  if (existsSync(join(appDir, release)))
    await bundle(`import "${release}";`, join(appInSlug, "release.mjs"), appDir);
  // Next copies `.env` files along. A slug holds no settings: they come as config vars.
  for (const name of await readdir(appInSlug)) {
    if (name.startsWith(".env")) await rm(join(appInSlug, name));
  }
  return slug;
}

/** Checks the config vars that all apps have and, where it has `src/stores/settings.ts`, the app's own. */
function environmentOf(appDir: string): string {
  const prepare = `import { prepareStart } from "@repo/session/start";`;
  const settings = "./src/stores/settings.ts";
  if (!existsSync(join(appDir, settings))) return `${prepare} prepareStart();`;
  return `${prepare} import { readSettings } from "${settings}"; prepareStart(readSettings);`;
}

/** Copies a folder over an older copy of it, so that nothing of an earlier build stays. */
async function replace(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  if (existsSync(from)) await cp(from, to, { recursive: true });
}
