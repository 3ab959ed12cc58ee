import { parseArgs } from "node:util";
import type { App } from "@repo/registry";
import { type Column, columnsOf, deployedColumn } from "./columns.ts";

export interface Options {
  columns: Column[];
  scenarios: string[];
  /** Web dynos of each app. */
  dynos: number;
  /** `null` for a new folder in `results/`. */
  out: string | null;
  open: boolean;
  help: boolean;
}

const quickScenarios = ["spread", "continuity", "sign-in", "isolation"];

export const help = `Measures which session strategies work across several dynos, on this machine.

bin/compare [--apps db-app,file-app] [--scenarios continuity,restart] [--quick] [--dynos 3]
            [--out DIR] [--url NAME=URL]… [--open]

  --apps        the columns: folders in apps/, their variants (cache-app:redis), and
                file-app:affinity, which is file-app with session affinity. Default: all.
  --scenarios   the scripts in load/, without .ts. Default: all.
  --quick       runs only ${quickScenarios.join(", ")}.
  --dynos       web dynos of each app. Default: 3.
  --out         the folder for the raw results and the report. Default: results/<time>.
  --url         measures a deployed app instead of local dynos; may be repeated. A name of a
                folder in apps/ stands for that folder's traits.
  --open        opens the report in the browser afterwards.

Ctrl-C stops everything and saves what was measured.

Exit code: 0 if every verdict is what the apps' traits promise, 1 if a measurement contradicts a
trait, 2 if it could not run or a scenario has no verdict, 130 if it was stopped.`;

/**
 * Reads the command line.
 *
 * @throws an `Error` that says what is wrong and what there is to choose from
 */
export function parseOptions(args: string[], known: { apps: App[]; scenarios: string[] }): Options {
  const { values } = parseArgs({
    args: args[0] === "--" ? args.slice(1) : args,
    options: {
      dynos: { type: "string", default: "3" },
      apps: { type: "string" },
      scenarios: { type: "string" },
      quick: { type: "boolean", default: false },
      out: { type: "string" },
      url: { type: "string", multiple: true, default: [] },
      open: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const dynos = Number(values.dynos);
  if (!Number.isInteger(dynos) || dynos < 1 || dynos > 20) {
    throw new Error(`\`--dynos ${values.dynos}\` is not a number from 1 to 20.`);
  }
  const local = columnsOf(known.apps);
  const names = local.map(({ name }) => name);
  const deployed = values.url.map((pair) => parseUrl(pair, local));
  const apps = values.apps === undefined ? names : choose("app", values.apps, names);
  return {
    columns: deployed.length > 0 ? deployed : local.filter(({ name }) => apps.includes(name)),
    scenarios: scenariosOf(values, known.scenarios),
    dynos,
    out: values.out ?? null,
    open: values.open,
    help: values.help,
  };
}

function scenariosOf(values: { quick: boolean; scenarios?: string }, known: string[]): string[] {
  if (values.scenarios === undefined) {
    return values.quick ? known.filter((name) => quickScenarios.includes(name)) : known;
  }
  if (values.quick)
    throw new Error("`--quick` chooses the scenarios itself: leave out `--scenarios`.");
  const wanted = choose("scenario", values.scenarios, known);
  return known.filter((name) => wanted.includes(name));
}

function choose(what: string, list: string, known: string[]): string[] {
  const names = list.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!known.includes(name)) {
      throw new Error(`There is no ${what} \`${name}\`. Choose from: ${known.join(", ")}.`);
    }
  }
  return names;
}

function parseUrl(pair: string, local: Column[]): Column {
  const [, name, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(pair) ?? [];
  if (!name || !url || !URL.canParse(url)) {
    throw new Error(
      `\`--url ${pair}\` is not NAME=URL, as in \`--url db-app=https://my-app-0123456789ab.herokuapp.com\`.`,
    );
  }
  return deployedColumn(name, url.replace(/\/+$/, ""), local);
}
