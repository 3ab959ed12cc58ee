import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { markdownReport } from "./markdown.ts";
import { readResults } from "./read.ts";

const begin = "<!-- begin: made by `pnpm report --readme`, do not edit -->";
const end = "<!-- end: made by `pnpm report --readme` -->";
const root = resolve(import.meta.dirname, "../..");
/** The results that the README shows. */
export const committedResults = join(root, "report/sample");

/** The README with the table of the committed results between its markers; null where it has no markers. */
export function readmeWith(readme: string): string | null {
  const [start, stop] = [readme.indexOf(begin), readme.indexOf(end)];
  if (start < 0 || stop < start) return null;
  const table = markdownReport(readResults(committedResults)).trim();
  return `${readme.slice(0, start + begin.length)}\n${table}\n${readme.slice(stop)}`;
}

export function updateReadme(file = join(root, "README.md")): void {
  const changed = readmeWith(readFileSync(file, "utf8"));
  if (changed === null) {
    throw new Error(
      `[report] ${file} has no place for the table. Put these two lines into it:\n${begin}\n${end}`,
    );
  }
  writeFileSync(file, changed);
}
