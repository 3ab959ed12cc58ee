import { build } from "./build.ts";
import type { Column } from "./columns.ts";
import { secondsSince } from "./measure.ts";
import { createProgress, type Output } from "./progress.ts";

/** Builds what the columns need, and shows it. Answers which apps could not be built, and why. */
export async function buildApps(columns: Column[], output: Output, signal: AbortSignal) {
  const apps = [...new Set(columns.flatMap(({ local }) => local?.app ?? []))];
  if (apps.length === 0) return new Map<string, string>();
  const started = performance.now();
  let last = "";
  const progress = createProgress(output, () => [
    `  building, ${Math.round(secondsSince(started))} s  ${last}`,
  ]);
  progress.line(`Building ${apps.join(", ")}, as far as they have changed.`);
  const say = (line: string) => {
    last = line;
  };
  const failed = await build(apps, say, signal).finally(progress.close);
  for (const [app, why] of failed) output.write(`[compare] Could not build ${app}: ${why}\n`);
  return failed;
}
