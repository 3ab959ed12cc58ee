import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { htmlReport } from "./html/page.ts";
import { markdownReport } from "./markdown.ts";
import type { Results } from "./results.ts";

/** Writes `report.html` and `report.md` beside `results.json`; answers the page's path. */
export function writeReports(results: Results, folder: string): string {
  const page = join(folder, "report.html");
  writeFileSync(page, htmlReport(results));
  writeFileSync(join(folder, "report.md"), markdownReport(results));
  return page;
}
