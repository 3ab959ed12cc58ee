import { resolve } from "node:path";
import type { Command } from "commander";
import type { App } from "./app.ts";
import { cleanUpAfterTheDead } from "./clean-up.ts";
import { colourLine, printTable, say, sayProgress } from "./cli-output.ts";
import { parseAssignments } from "./config.ts";
import { type CallOptions, callApp, runningApps } from "./control-client.ts";
import type { ControlVerb } from "./control-server.ts";

interface Flags {
  app?: string;
  json?: boolean;
}

const progress: CallOptions = { onProgress: sayProgress };

/** Every verb but `up` and `dev`: each calls the running app over its socket. */
export function addVerbs(program: Command): void {
  const verb = (signature: string, description: string) =>
    program
      .command(signature)
      .description(description)
      .option("-a, --app <name>", "which app, when several are up");
  const table = (signature: string, description: string) =>
    verb(signature, description).option("--json", "print JSON");
  const call = <V extends ControlVerb>({ app }: Flags, name: V, ...parameters: unknown[]) =>
    callApp(app, name, parameters, progress) as Promise<Awaited<ReturnType<App[V]>>>;

  table("ps", "list the dynos and their states").action(async (flags: Flags) => {
    const rows = await call(flags, "ps");
    if (flags.json) return say(JSON.stringify(rows, null, 2));
    printTable(
      rows.map((each) => ({
        name: `${each.name}:`,
        state: `${each.state} since ${each.since}`,
        command: each.command,
      })),
      false,
    );
  });
  verb("ps:scale <type=quantity...>", "set how many dynos a process type has, e.g. web=2").action(
    async (assignments: string[], flags: Flags) => {
      const entries = Object.entries(parseAssignments(assignments));
      await call(flags, "scale", Object.fromEntries(entries.map(([k, v]) => [k, Number(v)])));
      say(`Scaled to ${assignments.join(", ")}`);
    },
  );
  verb("ps:restart [dyno]", "restart a dyno, a process type, or all").action(
    async (dyno: string | undefined, flags: Flags) => {
      await call(flags, "restart", dyno);
      say(`Restarted ${dyno ?? "all dynos"}`);
    },
  );
  verb("ps:kill <dyno>", "kill a dyno without warning; it starts again").action(
    async (dyno: string, flags: Flags) => {
      await call(flags, "kill", dyno);
      say(`Killed ${dyno}; its successor is up`);
    },
  );
  verb("ps:cycle", "restart the dynos one after the other").action(async (flags: Flags) => {
    await call(flags, "cycle");
    say("Cycled all dynos");
  });
  verb("deploy [dir]", "make a new release from the app's folder, or another").action(
    async (dir: string | undefined, flags: Flags) => {
      await call(flags, "deploy", dir && resolve(dir));
      say("Deployed");
    },
  );
  table("releases", "list the releases, the newest first").action(async (flags: Flags) => {
    const rows = await call(flags, "releases");
    if (flags.json) return say(JSON.stringify(rows, null, 2));
    printTable(
      rows.map((each) => ({
        version: each.version,
        status: each.current ? "current" : each.status,
        description: each.description,
        createdAt: each.createdAt,
      })),
      false,
    );
  });
  verb("rollback [version]", "go back to an earlier release: its slug and config vars").action(
    async (version: string | undefined, flags: Flags) => {
      await call(flags, "rollback", version);
      say(`Rolled back to ${version ?? "the release before"}`);
    },
  );
  verb("run <command...>", "run a command in a dyno of its own")
    .passThroughOptions()
    .action(async (command: string[], flags: Flags) => {
      const options = { onLine: say };
      const result = await callApp(flags.app, "run", [command.join(" ")], options);
      process.exitCode = (result as { code: number }).code;
    });
  table("config", "list the config vars").action(async (flags: Flags) => {
    const config = await call(flags, "config");
    if (flags.json) return say(JSON.stringify(config, null, 2));
    const names = Object.keys(config).sort();
    printTable(
      names.map((name) => ({ name: `${name}:`, value: config[name] ?? "" })),
      false,
    );
  });
  verb("config:set <KEY=value...>", "set config vars, in one release").action(
    async (assignments: string[], flags: Flags) => {
      await call(flags, "configSet", parseAssignments(assignments));
      say(`Set ${Object.keys(parseAssignments(assignments)).join(", ")}`);
    },
  );
  table("addons", "list the add-ons").action(async (flags: Flags) => {
    const rows = await call(flags, "addons");
    if (flags.json) return say(JSON.stringify(rows, null, 2));
    printTable(
      rows.map((each) => ({
        name: each.name,
        plan: each.plan,
        state: each.state,
        configVars: each.configVars.join(", "),
      })),
      false,
    );
  });
  const addonVerbs = [
    ["restart", "addonRestart", "Restarted"],
    ["stop", "addonStop", "Stopped"],
    ["start", "addonStart", "Started"],
  ] as const;
  for (const [word, method, done] of addonVerbs) {
    verb(`addons:${word} <name>`, `${word} an add-on while the app runs`).action(
      async (name: string, flags: Flags) => {
        await call(flags, method, name);
        say(`${done} ${name}`);
      },
    );
  }
  for (const word of ["enable", "disable"] as const) {
    verb(`features:${word} <feature>`, `${word} http-session-affinity`).action(
      async (feature: string, flags: Flags) => {
        if (feature !== "http-session-affinity") {
          throw new Error(`[dynos] There is one feature, \`http-session-affinity\`.`);
        }
        await call(flags, "setAffinity", word === "enable");
        say(`${feature} is ${word}d`);
      },
    );
  }
  verb("logs", "show the last lines of the log")
    .option("-t, --tail", "go on with what comes")
    .option("-n, --num <number>", "how many lines", "100")
    .option("-s, --source <source>", "only app, heroku or router")
    .option("-d, --dyno <dyno>", "only one dyno, e.g. web.1")
    .action(async (flags: Flags & LogFlags) => {
      const wanted = logFilter(flags);
      const lines = (await call(flags, "logs")).filter(wanted);
      for (const line of lines.slice(-Number(flags.num))) say(colourLine(line));
      if (!flags.tail) return;
      const onLine = (line: string) => wanted(line) && say(colourLine(line));
      await callApp(flags.app, "logs", [], { onLine, tail: true });
    });
  verb("down", "take an app down; cleans up after one that was killed").action(
    async (flags: Flags) => {
      const cleaned = await cleanUpAfterTheDead();
      for (const app of cleaned) say(`Cleaned up after ${app}`);
      const running = runningApps();
      const done = flags.app
        ? cleaned.includes(flags.app)
        : cleaned.length > 0 && running.length === 0;
      if (done) return;
      await call(flags, "down");
      say(`${flags.app ?? running[0]} is down`);
    },
  );
}

interface LogFlags {
  tail?: boolean;
  num: string;
  source?: string;
  dyno?: string;
}

function logFilter({ source, dyno }: LogFlags): (line: string) => boolean {
  return (line) => {
    const [, from, name] = /^\S+ (\w+)\[([^\]]+)\]:/.exec(line) ?? [];
    if (source && source !== (name === "router" ? "router" : from)) return false;
    return !dyno || name === dyno || (name === "router" && line.includes(` dyno=${dyno} `));
  };
}
