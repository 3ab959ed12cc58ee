import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildEnv } from "./build-env.ts";
import { mustRun } from "./run.ts";

type Say = (text: string) => void;

/** What Heroku's classic Node buildpack does with a pnpm workspace, in its order. */
export async function buildLikeHeroku(build: string, config: Record<string, string>, say: Say) {
  const options = { cwd: build, env: buildEnv({ NODE_ENV: "production", ...config }) };
  const pnpm = (...args: string[]) => mustRun(["pnpm", ...args], options);

  const { cacheDirectories, engines, packageManager, scripts } = readPackageJson(build);
  const node = await mustRun(["node", "--version"], options);
  if (!node.startsWith(`v${engines.node.replace("x", "")}`)) {
    throw new Error(`[deploy] \`engines.node\` is ${engines.node}, and this is Node ${node}`);
  }
  const version = (await pnpm("--version")).trim();
  if (`pnpm@${version}` !== packageManager) {
    throw new Error(
      `[deploy] \`packageManager\` is ${packageManager}, and this is pnpm ${version}.`,
    );
  }
  say(`Node ${node.trim()} by engines, pnpm ${version} by packageManager`);

  say("pnpm install --prod=false --frozen-lockfile");
  await pnpm("install", "--prod=false", "--frozen-lockfile");
  say(`heroku-postbuild: ${scripts["heroku-postbuild"]}`);
  await pnpm("run", "heroku-postbuild");

  for (const folder of cacheDirectories) {
    // The buildpack says "nothing to cache", and the next deploy breaks pages that are open.
    if (!existsSync(join(build, folder)))
      throw new Error(`[deploy] The build left no \`${folder}\`, which cacheDirectories names.`);
    say(`cacheDirectories: ${folder}`);
  }

  if (config.PNPM_SKIP_PRUNING === "true") say("no pruning, by PNPM_SKIP_PRUNING");
  else await prune();
  say(`heroku-cleanup: ${scripts["heroku-cleanup"]}`);
  await pnpm("run", "heroku-cleanup");

  async function prune() {
    const projects: { path: string }[] = JSON.parse(
      await pnpm("list", "--recursive", "--json", "--depth=-1"),
    );
    say("removing node_modules, then pnpm install --prod --frozen-lockfile");
    for (const { path } of projects)
      await rm(join(path, "node_modules"), { recursive: true, force: true });
    await pnpm("install", "--prod", "--frozen-lockfile");
  }
}

const readPackageJson = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
