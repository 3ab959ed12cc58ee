import { resolve } from "node:path";
import { readResults } from "./read.ts";
import { updateReadme } from "./readme.ts";
import { terminalReport } from "./terminal.ts";
import { writeReports } from "./write.ts";

// pnpm report RESULTS_DIR   makes report.html and report.md again, and prints the table
// pnpm report --readme      puts the table of the committed results into README.md
const [argument] = process.argv.slice(2).filter((word) => word !== "--");
// pnpm runs this in its own folder; a path is meant from where it was typed.
const from = process.env.INIT_CWD ?? process.cwd();

try {
  if (argument === undefined) {
    throw new Error(
      "[report] Missing folder. Give the one that `bin/compare` wrote: pnpm report results/2026-…",
    );
  }
  if (argument === "--readme") updateReadme();
  else report(resolve(from, argument));
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
