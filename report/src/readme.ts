import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { markdownReport } from "./markdown.ts";
import { readResults } from "./read.ts";
import type { Results } from "./results.ts";

export const start = "<!-- begin: made by `pnpm report --readme`, do not edit -->";
export const end = "<!-- end: made by `pnpm report --readme` -->";

const root = resolve(import.meta.dirname, "../..");
export const readmeFile = join(root, "README.md");
/** The results that the README shows: a copy of what one `bin/compare` wrote. */
export const shownResults = join(root, "report/published");

/** The README with the table of these results between its two markers. */
export function readmeWith(readme: string, results: Results): string {
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(
      `[report] The README has no place for the table. Put these lines into it:\n${start}\n${end}`,
    );
  }
  const table = markdownReport(results).trim();
  return `${readme.slice(0, from)}${start}\n\n${table}\n\n${readme.slice(to)}`;
}

/** Makes a run's results those that the README shows. Half a run is no comparison. */
export function showResults(folder: string): void {
  const { complete } = readResults(folder);
  if (!complete) throw new Error(`[report] ${folder} was stopped before its end: nothing to show.`);
  copyFileSync(join(folder, "results.json"), join(shownResults, "results.json"));
}

export function updateReadme(): void {
  const readme = readFileSync(readmeFile, "utf8");
  writeFileSync(readmeFile, readmeWith(readme, readResults(shownResults)));
}
