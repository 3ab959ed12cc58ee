import { join, resolve } from "node:path";
import { ROOT, readApps } from "@repo/registry";
import { readMissing } from "@repo/registry/missing";
import { exitCode } from "@repo/report/exit-code";
import type { Results } from "@repo/report/results";
import { terminalReport } from "@repo/report/terminal";
import { writeReports } from "@repo/report/write";
import { leftOut } from "./columns.ts";
import { compare } from "./compare.ts";
import { help } from "./help.ts";
import { knownScenarios } from "./known.ts";
import { openInBrowser } from "./open.ts";
import { type Options, parseOptions } from "./options.ts";

/** The shell's own number for something that was stopped by Ctrl-C. */
const stopped = 130;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args, { apps: readApps(), scenarios: knownScenarios() });
  } catch (error) {
    console.error(`[compare] ${(error as Error).message} See \`bin/compare --help\`.`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const signal = interruption();
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const out = options.out ? resolve(options.out) : join(ROOT, "results", time);
  const command = asTyped(args);
  const missing = readMissing();
  const without = leftOut(options.columns, missing);
  for (const line of without) console.error(`[compare] ${line}`);
  try {
    const output = process.stderr;
    const results = await compare({ options, out, command, output, missing, signal });
    show(results, out, options.open && !signal.aborted);
    for (const line of without) console.log(line);
    return signal.aborted ? stopped : exitCode(results);
  } catch (error) {
    if (signal.aborted) return stopped;
    console.error(`[compare] ${(error as Error).message}`);
    return 2;
  }
}

/** The command again, less where its results went: that is nobody else's business. */
function asTyped(args: string[]): string {
  const kept = args.filter(
    (word, index) => !/^--(out(=.*)?|open)$/.test(word) && args[index - 1] !== "--out",
  );
  return ["bin/compare", ...kept].join(" ");
}

function interruption(): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => {
    // The second time somebody is in a hurry.
    if (stop.signal.aborted) process.exit(stopped);
    console.error("\nStopping. What was measured is kept. Again to end at once.");
    stop.abort(new Error("stopped"));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, onSignal);
  return stop.signal;
}

function show(results: Results, out: string, open: boolean): void {
  const page = writeReports(results, out);
  const width = Math.min(process.stdout.columns ?? 120, 140);
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  console.log(`\n${terminalReport(results, { width, color })}`);
  console.log(`Took ${Math.round(results.seconds)} s. The same to look at: ${page}`);
  if (open) openInBrowser(page);
}
