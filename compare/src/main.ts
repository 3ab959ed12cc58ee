import { spawn } from "node:child_process";
import { join, relative, resolve } from "node:path";
import { onInterruption } from "@repo/addons/interruption";
import { scenarioNames } from "@repo/load/scenarios";
import { ROOT, readApps } from "@repo/registry";
import { readMissing } from "@repo/registry/missing";
import { readPeers } from "@repo/registry/peers";
import { type Results, readResults } from "@repo/report/results";
import { exitCode } from "@repo/report/table";
import { terminalReport } from "@repo/report/terminal";
import { writeReports } from "@repo/report/write";
import { leftOut } from "./columns.ts";
import { compare } from "./compare.ts";
import { help, type Options, parseOptions } from "./options.ts";

/** A shell's exit code for a command that Ctrl-C stopped. */
const STOPPED = 130;

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));

/**
 * Runs `bin/compare` with these arguments.
 * @param missing what `bin/setup` could not install
 * @returns the exit code that the help explains
 */
export async function main(args: string[], missing = readMissing()): Promise<number> {
  let options: Options;
  let before: Results | null = null;
  let words = args;
  try {
    const known = { apps: readApps(), peers: readPeers(), scenarios: scenarioNames };
    options = parseOptions(args, known);
    if (options.resume !== null) {
      const out = resolve(options.resume);
      before = readResults(out);
      words = before.command.split(" ").slice(1);
      options = { ...parseOptions(words, known), out };
    }
  } catch (error) {
    console.error(`[compare] ${(error as Error).message} See \`bin/compare --help\`.`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const out = options.out ? resolve(options.out) : join(ROOT, "results", time);
  const command = commandLine(words);
  const { signal } = onInterruption(() => {
    const again = `bin/compare --resume ${relative(process.cwd(), out)}`;
    console.error(
      `\nStopping. What was measured is saved; \`${again}\` goes on. Press Ctrl-C again to end at once.`,
    );
  });
  const notices = leftOut(options.columns, missing);
  for (const line of notices) console.error(`[compare] ${line}`);
  try {
    const output = process.stderr;
    const results = await compare({ options, out, command, output, before, missing, signal });
    show(results, out, options.open && !signal.aborted);
    for (const line of notices) console.log(line);
    return signal.aborted ? STOPPED : exitCode(results);
  } catch (error) {
    if (signal.aborted) return STOPPED;
    console.error(`[compare] ${(error as Error).message}`);
    return 2;
  }
}

/** The command to repeat this run. The folder of its results is left out: it is private to this machine. */
function commandLine(args: string[]): string {
  const kept = args.filter(
    (word, index) => !/^--(out(=.*)?|open)$/.test(word) && args[index - 1] !== "--out",
  );
  return ["bin/compare", ...kept].join(" ");
}

function show(results: Results, out: string, open: boolean): void {
  const page = writeReports(results, out);
  const width = Math.min(process.stdout.columns ?? 120, 140);
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  console.log(`\n${terminalReport(results, { width, color })}`);
  console.log(`Took ${Math.round(results.seconds)} s. The report: ${page}`);
  if (open) openInBrowser(page);
}

/** Without a browser nothing happens: the report's path is printed anyway. */
function openInBrowser(file: string): void {
  const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ["open"],
    win32: ["cmd", "/c", "start", ""],
  };
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  spawn(command, [...args, file], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}
