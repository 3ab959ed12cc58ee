import { resolve } from "node:path";
import type { Disturbance } from "@repo/addons";
import { type Command, Option } from "commander";
import { callApp, chooseApp, runningApps } from "../control/client.ts";
import { describeClock } from "../dyno/clock.ts";
import { LOG_SOURCES, type LogQuery } from "../log.ts";
import { parseAssignments } from "../release/config.ts";
import { cleanUpKilledRuns } from "../run/clean-up.ts";
import { colorLine, say } from "./output.ts";
import { addTable, addVerb, call, type Flags } from "./verb.ts";

/** Every verb that acts on a running app, in the order of `--help`. */
export function addVerbs(program: Command): void {
  addDynoVerbs(program);
  addLogsVerb(program);
  addReleaseVerbs(program);
  addAddonVerbs(program);
  addDownVerb(program);
}

function addDynoVerbs(program: Command): void {
  addTable(program, "ps", "list the dynos and their states", (dynos) =>
    dynos.map(({ name, state, since, clockSeconds, command }) => [
      `${name}:`,
      `${state} since ${since}${clockSeconds ? `, its clock ${describeClock(clockSeconds)}` : ""}`,
      command,
    ]),
  );
  addVerb(program, "ps:scale <type=quantity...>", "set the number of dynos: web=2").action(
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
  addVerb(program, "ps:kill <dyno>", "kill one dyno without warning; a new one replaces it").action(
    async (dyno: string, flags: Flags) => {
      await call(flags, "kill", dyno);
      say(`Killed ${dyno}; a new ${dyno} is up`);
    },
  );
  addVerb(
    program,
    "ps:freeze <dyno> [milliseconds]",
    "stop one dyno's processes for a while (2000)",
  ).action(async (dyno: string, ms: string | undefined, flags: Flags) => {
    await call(flags, "freeze", dyno, Number(ms ?? 2_000));
    say(`Froze ${dyno}; it goes on`);
  });
  addVerb(
    program,
    "ps:clock <dyno> <seconds>",
    "restart one dyno with its clock that many seconds ahead (-60: behind, 0: correct)",
  ).action(async (dyno: string, seconds: string, flags: Flags) => {
    await call(flags, "setClock", dyno, Number(seconds));
    say(
      Number(seconds) === 0
        ? `The clock of ${dyno} is right`
        : `The clock of ${dyno} is ${describeClock(Number(seconds))}`,
    );
  });
  addVerb(program, "ps:cycle", "restart all dynos, one after the other").action(
    async (flags: Flags) => {
      await call(flags, "cycle");
      say("Restarted all dynos, one after the other");
    },
  );
  addVerb(program, "run <command...>", "run a command in a one-off dyno")
    .passThroughOptions()
    .action(async (words: string[], flags: Flags) => {
      process.exitCode = (await call(flags, "run", quoted(words))).code;
    });
}

/** One argument is a command line for a shell; of several, each stays one word. */
function quoted(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? "";
  return words
    .map((word) => (/[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word))
    .join(" ");
}

interface LogFlags extends Flags, Pick<LogQuery, "source" | "dyno"> {
  num: string;
  tail?: boolean;
}

function addLogsVerb(program: Command): void {
  addVerb(program, "logs", "print the log")
    .option("-t, --tail", "keep printing new lines")
    .option("-n, --num <number>", "number of lines", "100")
    .addOption(
      new Option("-s, --source <source>", "only lines of this source").choices(LOG_SOURCES),
    )
    .option("-d, --dyno <dyno>", "only lines of this dyno: web.1")
    .action(async ({ num, source, dyno, tail, ...flags }: LogFlags) => {
      const query: LogQuery = { num: Number(num), source, dyno };
      const onLine = (line: string) => say(colorLine(line));
      if (tail) await callApp(flags.app, "tail", [query], { onLine });
      else for (const line of await call(flags, "logs", query)) onLine(line);
    });
}

function addReleaseVerbs(program: Command): void {
  addVerb(
    program,
    "deploy [dir]",
    "make a release from the app's folder, or from another folder",
  ).action(async (dir: string | undefined, flags: Flags) => {
    await call(flags, "deploy", dir && resolve(dir));
    say("Deployed");
  });
  addTable(program, "releases", "list the releases, newest first", (releases) =>
    releases.map(({ version, status, current, description, createdAt }) => [
      version,
      current ? "current" : status,
      createdAt,
      description,
    ]),
  );
  addVerb(
    program,
    "rollback [version]",
    "make a release with the slug and config vars of an earlier one",
  ).action(async (version: string | undefined, flags: Flags) => {
    await call(flags, "rollback", version);
    say(`Rolled back to ${version ?? "the release before"}`);
  });
  addTable(program, "config", "list the config vars", (config) =>
    Object.entries(config)
      .sort()
      .map(([name, value]) => [`${name}:`, value]),
  );
  addVerb(program, "config:set <KEY=value...>", "set config vars, all in one release").action(
    async (texts: string[], flags: Flags) => {
      const vars = parseAssignments(texts);
      await call(flags, "configSet", vars);
      say(`Set ${Object.keys(vars).join(", ")}`);
    },
  );
}

/** Heroku's names of what can be switched on a running app. */
const FEATURES = { "http-session-affinity": "setAffinity", preboot: "setPreboot" } as const;

function addAddonVerbs(program: Command): void {
  addTable(program, "addons", "list the add-ons", (addons) =>
    addons.map(({ name, plan, state, configVars }) => [name, plan, state, configVars.join(", ")]),
  );
  const verbs = [
    ["restart", "addonRestart", "Restarted"],
    ["stop", "addonStop", "Stopped"],
    ["start", "addonStart", "Started"],
  ] as const;
  for (const [word, verb, done] of verbs) {
    addVerb(program, `addons:${word} <name>`, `${word} an add-on of a running app`).action(
      async (name: string, flags: Flags) => {
        await call(flags, verb, name);
        say(`${done} ${name}`);
      },
    );
  }
  const disturb = async (name: string, flags: Flags, to: Disturbance | null, done: string) => {
    await call(flags, "addonDisturb", name, to);
    say(`${name} ${done}`);
  };
  addVerb(
    program,
    "addons:freeze <name>",
    "make an add-on accept connections but answer nothing",
  ).action((name: string, flags: Flags) =>
    disturb(name, flags, { kind: "freeze" }, "answers nothing"),
  );
  addVerb(program, "addons:cut <name>", "break all connections to an add-on, and new ones").action(
    (name: string, flags: Flags) => disturb(name, flags, { kind: "cut" }, "is cut off"),
  );
  addVerb(
    program,
    "addons:slow <name> <milliseconds>",
    "delay each round trip to an add-on",
  ).action((name: string, text: string, flags: Flags) => {
    const ms = Number(text);
    if (!(ms >= 0)) throw new Error(`[dynos] \`${text}\` is not a number of milliseconds.`);
    return disturb(name, flags, { kind: "slow", ms }, `answers ${ms} ms later`);
  });
  addVerb(program, "addons:fill <name>", "fill the memory of a cache").action(
    (name: string, flags: Flags) => disturb(name, flags, { kind: "fill" }, "is full"),
  );
  addVerb(program, "addons:mend <name>", "undo addons:freeze, :cut, :slow and :fill").action(
    (name: string, flags: Flags) => disturb(name, flags, null, "answers as before"),
  );
  for (const word of ["enable", "disable"] as const) {
    addVerb(
      program,
      `features:${word} <feature>`,
      `${word} ${Object.keys(FEATURES).join(" or ")}`,
    ).action(async (feature: string, flags: Flags) => {
      if (!isFeature(feature)) {
        const known = Object.keys(FEATURES).map((name) => `\`${name}\``);
        throw new Error(
          `[dynos] There is no feature \`${feature}\`. There are: ${known.join(", ")}.`,
        );
      }
      await call(flags, FEATURES[feature], word === "enable");
      say(`${feature} is ${word}d`);
    });
  }
}

const isFeature = (name: string): name is keyof typeof FEATURES => Object.hasOwn(FEATURES, name);

function addDownVerb(program: Command): void {
  addVerb(program, "down", "take an app down; clean up after apps whose process was killed").action(
    async (flags: Flags) => {
      const cleaned = await cleanUpKilledRuns();
      for (const app of cleaned) say(`Cleaned up after ${app}`);
      // The app that was meant is gone already.
      if (flags.app ? cleaned.includes(flags.app) : cleaned.length && !runningApps().length) return;
      const { app } = chooseApp(flags.app);
      await call({ app }, "down");
      say(`${app} is down`);
    },
  );
}
