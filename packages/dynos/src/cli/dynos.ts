import type { Command } from "commander";
import { parseAssignments } from "../release/config.ts";
import { say } from "./output.ts";
import { addTable, addVerb, call, type Flags } from "./verb.ts";

/** The verbs about dynos: ps, ps:scale, ps:restart, ps:kill, ps:cycle, run. */
export function addDynoVerbs(program: Command): void {
  addTable(program, "ps", "list the dynos and their states", (dynos) =>
    dynos.map(({ name, state, since, command }) => [
      `${name}:`,
      `${state} since ${since}`,
      command,
    ]),
  );
  addVerb(program, "ps:scale <type=quantity...>", "set how many dynos there are: web=2").action(
    async (texts: string[], flags: Flags) => {
      const quantities = Object.entries(parseAssignments(texts)).map(([type, quantity]) => [
        type,
        quantity === "" ? Number.NaN : Number(quantity),
      ]);
      await call(flags, "scale", Object.fromEntries(quantities));
      say(`Scaled to ${texts.join(", ")}`);
    },
  );
  addVerb(program, "ps:restart [dyno]", "restart one dyno, a process type, or all").action(
    async (dyno: string | undefined, flags: Flags) => {
      await call(flags, "restart", dyno);
      say(`Restarted ${dyno ?? "all dynos"}`);
    },
  );
  addVerb(program, "ps:kill <dyno>", "kill a dyno without warning; another takes its place").action(
    async (dyno: string, flags: Flags) => {
      await call(flags, "kill", dyno);
      say(`Killed ${dyno}; the next one is up`);
    },
  );
  addVerb(program, "ps:cycle", "restart the dynos one after the other").action(
    async (flags: Flags) => {
      await call(flags, "cycle");
      say("Cycled all dynos");
    },
  );
  addVerb(program, "run <command...>", "run a command in a dyno of its own")
    .passThroughOptions()
    .action(async (words: string[], flags: Flags) => {
      process.exitCode = (await call(flags, "run", quoted(words))).code;
    });
}

/** One argument is a command line for a shell; of several each stays one word, as with the Heroku CLI. */
function quoted(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? "";
  return words
    .map((word) => (/[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word))
    .join(" ");
}
