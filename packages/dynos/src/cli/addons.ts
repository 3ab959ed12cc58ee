import type { Command } from "commander";
import { say } from "./output.ts";
import { addTable, addVerb, call, type Flags } from "./verb.ts";

const AFFINITY = "http-session-affinity";

/** The verbs about add-ons and features: addons, addons:restart, …, features:enable, features:disable. */
export function addAddonVerbs(program: Command): void {
  addTable(program, "addons", "list the add-ons", (addons) =>
    addons.map(({ name, plan, state, configVars }) => [name, plan, state, configVars.join(", ")]),
  );
  const verbs = [
    ["restart", "addonRestart", "Restarted"],
    ["stop", "addonStop", "Stopped"],
    ["start", "addonStart", "Started"],
  ] as const;
  for (const [word, verb, done] of verbs) {
    addVerb(program, `addons:${word} <name>`, `${word} an add-on while the app runs`).action(
      async (name: string, flags: Flags) => {
        await call(flags, verb, name);
        say(`${done} ${name}`);
      },
    );
  }
  for (const word of ["enable", "disable"] as const) {
    addVerb(program, `features:${word} <feature>`, `${word} ${AFFINITY}`).action(
      async (feature: string, flags: Flags) => {
        if (feature !== AFFINITY) {
          throw new Error(`[dynos] There is no feature \`${feature}\`. There is \`${AFFINITY}\`.`);
        }
        await call(flags, "setAffinity", word === "enable");
        say(`${feature} is ${word}d`);
      },
    );
  }
}
