import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { buildEnv } from "./build-env.ts";
import { mustRun } from "./run.ts";

/** `db-app` → `deploy/db-app`, `cache-app:redis` → `deploy/cache-app-redis`. */
export const deployBranch = (app: string) => `deploy/${app.replace(":", "-")}`;

/** Clones the deploy branch of the current commit into `folder`/build, as Heroku gets it, less `.slugignore`'s. */
export async function cloneDeployBranch(app: string, folder: string): Promise<string> {
  const [source, build] = [join(folder, "source"), join(folder, "build")];
  const env = buildEnv({});
  // By way of a clone, so that no branch appears in the repository itself.
  await mustRun(["git", "clone", "--quiet", "--shared", ROOT, source], { cwd: folder, env });
  await mustRun([join(ROOT, "bin/deploy-branches")], { cwd: source, env });
  const clone = ["git", "clone", "--quiet", "--depth=1", `--branch=${deployBranch(app)}`];
  await mustRun([...clone, `file://${source}`, build], { cwd: folder, env });
  await rm(source, { recursive: true });
  const ignore = ["git", "ls-files", "-z", "--cached", "--ignored", "--exclude-from=.slugignore"];
  const ignored = await mustRun(ignore, { cwd: build, env });
  for (const path of ignored.split("\0").filter(Boolean)) await rm(join(build, path));
  await rm(join(build, ".git"), { recursive: true });
  return build;
}
