import { parseArgs } from "node:util";
import type { App } from "@repo/registry";
import { type Column, columnsOf, deployedColumn } from "./columns.ts";

export interface Options {
  columns: Column[];
  scenarios: string[];
  dynos: number;
  /** null: a new folder in `results/`. */
  out: string | null;
  open: boolean;
  help: boolean;
}

export const quickScenarios = ["spread", "continuity", "sign-in", "isolation"];

/** Throws with a sentence that says what is wrong and what there is to choose from. */
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
    throw new Error("`--quick` chooses the scenarios itself: leave `--scenarios` out.");
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
      `\`--url ${pair}\` has to be NAME=URL, as in \`--url db-app=https://my-app.herokuapp.com\`.`,
    );
  }
  return deployedColumn(name, url.replace(/\/+$/, ""), local);
}
