import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { execa } from "execa";
import type { Column } from "./columns.ts";
import { secondsSince } from "./measure.ts";
import { createProgress, type Output } from "./progress.ts";

/**
 * Two releases of an app share it, as on Heroku, where it is a config var; the forms of a page need that. Another value
 * makes another build, so bin/test sets one for all its steps.
 */
export const ACTIONS_SECRET =
  process.env.ACTIONS_SECRET || "of bin/compare, for builds that are measured on this machine";

/**
 * Builds the apps that the columns need, and shows progress. Returns the apps that failed, each with the end of the
 * build's output; one that fails does not stop the others.
 */
export async function buildApps(
  columns: Column[],
  output: Output,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const apps = [...new Set(columns.flatMap(({ local }) => local?.app ?? []))];
  const failed = new Map<string, string>();
  if (apps.length === 0) return failed;
  const started = performance.now();
  let last = "";
  const progress = createProgress(output, () => [
    `  building, ${Math.round(secondsSince(started))} s  ${last}`,
  ]);
  const build = async (...names: string[]) => {
    const turbo = turboBuild(names, signal);
    for await (const line of turbo.iterable({ from: "all" })) if (line.trim()) last = line.trim();
    return turbo;
  };
  progress.line(`Building ${apps.join(", ")}, unless they are up to date.`);
  try {
    const { exitCode } = await build(...apps);
    if (exitCode === 0) return failed;
    for (const app of signal.aborted ? [] : apps) {
      const { exitCode, all } = await build(app);
      if (exitCode !== 0) failed.set(app, all.trim().split("\n").slice(-5).join(" "));
    }
  } finally {
    progress.close();
  }
  for (const [app, why] of failed) output.write(`[compare] Could not build ${app}: ${why}\n`);
  return failed;
}

/** @param root the checkout, or a copy of it, which shares the cache of its builds */
export function turboBuild(apps: string[], signal: AbortSignal, root: string = ROOT) {
  const filters = apps.map((app) => `--filter=${app}`);
  return execa("pnpm", ["exec", "turbo", "run", "build", "--ui=stream", "--continue", ...filters], {
    cwd: root,
    all: true,
    reject: false,
    stdin: "ignore",
    env: {
      ...{ NO_COLOR: "1", FORCE_COLOR: "0", ACTIONS_SECRET },
      TURBO_CACHE_DIR: join(ROOT, ".turbo/cache"),
    },
    cancelSignal: signal,
  });
}
