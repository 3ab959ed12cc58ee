import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { fillPart } from "@repo/registry/marked-part";
import { markdownReport } from "./markdown.ts";
import { updatePeersInReadme } from "./peers/markdown.ts";
import { type Results, readResults } from "./results.ts";

export const readmeFile = join(ROOT, "README.md");
/** The results that the README shows: a copy of what one `bin/compare` wrote. */
export const publishedResults = join(ROOT, "report/published");

/** The README with the table of these results in its part `report`. */
export function readmeWith(readme: string, results: Results): string {
  return fillPart(readme, "report", `\n${markdownReport(results).trim()}\n`);
}

/**
 * Makes a run's results those that the README shows.
 *
 * @throws an `Error` if the run was stopped before its end
 */
export function publishResults(folder: string): void {
  const { complete } = readResults(folder);
  if (!complete)
    throw new Error(
      `[report] The run in \`${folder}\` was stopped before its end. Publish a complete one.`,
    );
  copyFileSync(join(folder, "results.json"), join(publishedResults, "results.json"));
}

export function updateReadme(): void {
  const readme = readFileSync(readmeFile, "utf8");
  writeFileSync(readmeFile, readmeWith(readme, readResults(publishedResults)));
  updatePeersInReadme(readmeFile);
}
