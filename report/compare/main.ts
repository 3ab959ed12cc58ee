import { join } from "node:path";
import { exitCode } from "../src/exit-code.ts";
import { terminalReport } from "../src/terminal.ts";
import { compare } from "./compare.ts";
import { help } from "./help.ts";
import { knownApps, knownScenarios, root } from "./known.ts";
import { type Options, parseOptions } from "./options.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args, { apps: knownApps(), scenarios: knownScenarios() });
  } catch (error) {
    console.error(`[compare] ${(error as Error).message} See \`bin/compare --help\`.`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const stop = new AbortController();
  process.on("SIGINT", () => {
    // The second time somebody is in a hurry.
    if (stop.signal.aborted) process.exit(130);
    console.error("\nStopping. What was measured is kept.");
    stop.abort(new Error("stopped"));
  });
  process.on("SIGTERM", () => stop.abort(new Error("stopped")));
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const out = options.out ?? join(root, "results", time);
  const command = ["bin/compare", ...args].join(" ");
  const output = process.stderr;
  try {
    const results = await compare({ options, out, command, output, signal: stop.signal });
    const width = Math.min(process.stdout.columns ?? 120, 140);
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    console.log(`\n${terminalReport(results, { width, color })}`);
    return stop.signal.aborted ? 130 : exitCode(results);
  } catch (error) {
    console.error(`[compare] ${(error as Error).message}`);
    return stop.signal.aborted ? 130 : 2;
  }
}
