import type { Command } from "commander";
import type { App } from "../app.ts";
import { callApp } from "../control/client.ts";
import type { ControlVerb } from "../control/protocol.ts";
import { formatTable, say, sayProgress } from "./output.ts";

export interface Flags {
  app?: string;
  json?: boolean;
}

type Result<V extends ControlVerb> = Awaited<ReturnType<App[V]>>;

/** Calls a verb of the chosen app, and prints its progress. */
export function call<V extends ControlVerb>(flags: Flags, verb: V, ...parameters: unknown[]) {
  return callApp(flags.app, verb, parameters, { onProgress: sayProgress, onLine: say }) as Promise<
    Result<V>
  >;
}

/** A verb of the command line that acts on a running app. */
export function addVerb(program: Command, signature: string, description: string): Command {
  return program
    .command(signature)
    .description(description)
    .option("-a, --app <name>", "the app, when several are up")
    .hook("preAction", () => {
      // The reader has left, as in `dynos logs --tail | head`.
      process.stdout.once("error", () => process.exit(0));
    });
}

/** A verb whose output is a table, or JSON when that is asked for. */
export function addTable<V extends ControlVerb>(
  program: Command,
  verb: V,
  description: string,
  toRows: (result: Result<V>) => string[][],
): void {
  addVerb(program, verb, description)
    .option("--json", "print JSON")
    .action(async (flags: Flags) => {
      const result = await call(flags, verb);
      say(flags.json ? JSON.stringify(result, null, 2) : formatTable(toRows(result)));
    });
}
