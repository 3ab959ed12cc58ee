import { resolve } from "node:path";
import { publishPeers } from "./peers/publish.ts";
import { publishResults, updateReadme } from "./readme.ts";
import { readResults } from "./results.ts";
import { terminalReport } from "./terminal.ts";
import { writeReports } from "./write.ts";

// pnpm report RESULTS_DIR             renders report.html and report.md again, and prints the table
// pnpm report --readme [RESULTS_DIR]  publishes these results, and fills README.md with the published ones
const words = process.argv.slice(2).filter((word) => word !== "--");
const folders = words.filter((word) => !word.startsWith("--"));
const [folder] = folders;
// pnpm report --peers RESULTS_DIR…     publishes runs of bin/compare --peers, and fills README.md with them
// pnpm runs this in the repository's root, but a path is relative to where it was typed.
const from = process.env.INIT_CWD ?? process.cwd();

try {
  if (words.includes("--peers")) {
    publishPeers(folders.map((each) => resolve(from, each)));
    updateReadme();
  } else if (words.includes("--readme")) {
    if (folder) publishResults(resolve(from, folder));
    updateReadme();
  } else if (folder) {
    report(resolve(from, folder));
  } else {
    throw new Error(
      "[report] Missing folder. Give a folder that `bin/compare` wrote: pnpm report results/2026-…",
    );
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}

function report(folder: string): void {
  const results = readResults(folder);
  const page = writeReports(results, folder);
  const width = Math.min(process.stdout.columns ?? 120, 140);
  console.log(terminalReport(results, { width, color: process.stdout.isTTY }));
  console.log(page);
}
