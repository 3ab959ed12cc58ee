import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyTreeWithout } from "@repo/addons/copy-tree";
import { ROOT } from "@repo/registry";
import { execa } from "execa";
import { ACTIONS_SECRET, turboBuild } from "./build.ts";
import type { Output } from "./progress.ts";

/** What a build makes itself, and what is one's own. */
const LEFT_OUT = [
  ...["node_modules", ".next", ".turbo", ".git", ".cache", ".venv", "*.tsbuildinfo"],
  ...[".env", ".env.local", "secrets.env", ".sessions", "/results", "/bench/bare-*"],
];

/** The change, in a script and in a style that the page of every app names. */
const SCRIPT = "packages/ui/src/session-forms.tsx";
const STYLE = "packages/ui/src/base.css";
const BUTTON = "Visit\n";

/** The same apps once more, built from changed code: what scenario `skew` deploys. */
export interface ChangedRelease {
  /** The folder to deploy instead of the app's own. */
  dirOf(app: string): string;
  remove(): Promise<void>;
}

/**
 * Builds apps that are built already a second time, in a copy of this checkout with changed code, as a platform builds
 * the next commit: with the folders that the build before left in the buildpack's cache.
 *
 * @throws an `Error` with the end of the output of the step that failed
 */
export async function buildChangedRelease(
  apps: string[],
  output: Output,
  signal: AbortSignal,
): Promise<ChangedRelease> {
  output.write(`Building ${apps.join(", ")} with changed code, which scenario skew deploys.\n`);
  const copy = await mkdtemp(join(tmpdir(), "changed-release-"));
  const remove = () => rm(copy, { recursive: true, force: true });
  const run = (cwd: string, command: string[], env: Record<string, string> = {}) => {
    const [program = "", ...args] = command;
    return execa(program, args, { cwd, env, all: true, stdin: "ignore", cancelSignal: signal });
  };
  try {
    await copyTreeWithout(ROOT, copy, LEFT_OUT);
    await changeCode(copy);
    const install = ["pnpm", "install", "--frozen-lockfile", "--prefer-offline"];
    await run(copy, install, { CI: "true" });
    await turboBuild(apps, signal, copy);
    for (const APP of apps) await run(ROOT, ["bin/build", "--one"], { APP, ACTIONS_SECRET });
    await keepCacheDirectories(copy);
    const again = { ACTIONS_SECRET, TURBO_CACHE_DIR: join(ROOT, ".turbo/cache") };
    for (const APP of apps) await run(copy, ["bin/build", "--one"], { APP, ...again });
  } catch (error) {
    await remove();
    const { all } = error as { all?: string };
    throw all ? new Error(all.trim().split("\n").slice(-5).join(" ")) : error;
  }
  return { dirOf: (app) => join(copy, "apps", app), remove };
}

/** Changes the script and the style in a copy of this checkout. Throws where they are no longer there. */
export async function changeCode(copy: string): Promise<void> {
  const script = join(copy, SCRIPT);
  const before = await readFile(script, "utf8");
  const after = before.replace(BUTTON, "Visit again\n");
  if (after === before)
    throw new Error(`\`${SCRIPT}\` has no button "${BUTTON.trim()}" to change.`);
  await writeFile(script, after);
  await appendFile(join(copy, STYLE), "\n.changed-release { color: inherit; }\n");
}

/** As Heroku's Node buildpack does between two builds. */
async function keepCacheDirectories(copy: string): Promise<void> {
  const { cacheDirectories } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  for (const folder of cacheDirectories)
    await cp(join(ROOT, folder), join(copy, folder), { recursive: true, preserveTimestamps: true });
}
