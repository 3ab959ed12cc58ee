import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { App } from "@repo/registry";
import type { Peer } from "@repo/registry/peers";
import {
  askedOf,
  type Column,
  columnsOf,
  deployedColumn,
  folderColumn,
  type OwnApp,
  peerColumn,
} from "./columns.ts";

export interface Options {
  columns: Column[];
  scenarios: string[];
  /** Web dynos of each app. */
  dynos: number;
  /** How long scenario `faults` runs, in minutes; `null` for its own default. */
  faultMinutes: number | null;
  /** `null` for a new folder in `results/`. */
  out: string | null;
  /** The folder of a run that was stopped, which goes on. */
  resume: string | null;
  open: boolean;
  help: boolean;
}

const quickScenarios = ["spread", "continuity", "sign-in", "isolation"];

export const help = `Measures which session strategies work across several dynos, on this machine.

bin/compare [--apps db-app,file-app] [--scenarios continuity,restart] [--quick] [--faults MINUTES]
            [--dynos 3] [--out DIR] [--dir NAME=FOLDER[:MANIFEST]]… [--url NAME=URL]… [--peers [NAME…]]
            [--open]
bin/compare --resume DIR

  --apps        the columns: folders in apps/, their variants (cache-app:redis), and
                file-app:affinity, which is file-app with session affinity. Default: all.
  --scenarios   the scripts in load/, without .ts. Default: all.
  --quick       runs only ${quickScenarios.join(", ")}.
  --faults      runs only the scenario faults, for that many minutes on each app.
  --dynos       web dynos of each app. Default: 3.
  --out         the folder for the raw results and the report. Default: results/<time>.
  --dir         measures your own app: any folder with a Procfile, in any language, brought up
                on local dynos from FOLDER/app.json, or from MANIFEST. May be repeated. SPEC.md says
                which routes each scenario needs. Without traits no verdict is expected. The apps
                of this repository are measured beside it if --apps names them.
  --sign-in     how visitors of --dir and --url apps sign in: next-auth, better-auth, or the path of
                a form with the field \`name\`: /sign-in, or /sign-in,/sign-out. Default: next-auth
                if it answers.
  --secret      the config var that scenario \`deploy\` rotates in --dir apps. Default: the first one
                in app.json with \`generator: secret\`.
  --url         measures a deployed app instead of local dynos; may be repeated. If the
                name is that of a folder in apps/, that folder's traits are expected.
  --peers       measures the systems in peers/: all of them, or those whose folder or name follows
                (express, express-redis). Installs what is missing, and says what it left out.
  --resume      continues a run that was stopped, with the scenarios that have no result yet.
  --open        opens the report in the browser afterwards.

Ctrl-C stops everything and saves what was measured.

Exit code: 0 if every verdict is what the apps' traits promise, 1 if a measurement contradicts a
trait, 2 if it could not run or a scenario has no verdict, 130 if it was stopped.`;

/**
 * Reads the command line.
 *
 * @throws an `Error` that says what is wrong and what there is to choose from
 */
export function parseOptions(
  args: string[],
  known: {
    apps: App[];
    peers?: Peer[];
    scenarios: string[];
  },
): Options {
  const { values, positionals } = parseArgs({
    args: args[0] === "--" ? args.slice(1) : args,
    options: {
      dynos: { type: "string", default: "3" },
      apps: { type: "string" },
      scenarios: { type: "string" },
      faults: { type: "string" },
      quick: { type: "boolean", default: false },
      out: { type: "string" },
      dir: { type: "string", multiple: true, default: [] },
      "sign-in": { type: "string" },
      secret: { type: "string" },
      url: { type: "string", multiple: true, default: [] },
      peers: { type: "boolean", default: false },
      resume: { type: "string" },
      open: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  const dynos = Number(values.dynos);
  if (!Number.isInteger(dynos) || dynos < 1 || dynos > 20) {
    throw new Error(`\`--dynos ${values.dynos}\` is not a number from 1 to 20.`);
  }
  const local = columnsOf(known.apps);
  const names = local.map(({ name }) => name);
  const scenarios = scenariosOf(values, known.scenarios);
  const own = { signIn: values["sign-in"], secret: values.secret };
  const deployed = values.url.map((pair) => parseUrl(pair, local, own));
  const folders = values.dir.map((text) => parseDir(text, names, own));
  const peers = values.peers ? choosePeers(positionals, known.peers ?? []) : [];
  if (positionals.length > 0 && !values.peers)
    throw new Error(`\`${positionals[0]}\` is not an option. Names follow \`--peers\` only.`);
  const given = [...folders, ...peers.map(peerColumn), ...deployed];
  // Apps of one's own come alone, unless others are named.
  const byDefault = given.length > 0 ? [] : names;
  const apps = values.apps === undefined ? byDefault : choose("app", values.apps, names);
  const columns = [...local.filter(({ name }) => apps.includes(name)), ...given];
  return {
    columns: columns.filter((column) => askedOf(column, scenarios).length > 0),
    ...{ scenarios, dynos },
    faultMinutes: values.faults === undefined ? null : minutesOf(values.faults),
    out: values.out ?? null,
    resume: values.resume ?? null,
    open: values.open,
    help: values.help,
  };
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= 150) return minutes;
  throw new Error(`\`--faults ${text}\` is not a number of minutes from 0 to 150.`);
}

interface Chosen {
  quick: boolean;
  scenarios?: string;
  faults?: string;
}

function scenariosOf(values: Chosen, known: string[]): string[] {
  if (values.faults !== undefined) {
    if (values.quick || values.scenarios !== undefined)
      throw new Error(
        "`--faults` chooses the scenario itself: leave out `--scenarios` and `--quick`.",
      );
    return ["faults"];
  }
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
    if (what === "app" && /[/\\]|^\.+$/.test(name)) {
      throw new Error(
        `\`--apps ${name}\` is a folder. Use \`--dir NAME=${name}\` for your own app.`,
      );
    }
    if (!known.includes(name)) {
      throw new Error(`There is no ${what} \`${name}\`. Choose from: ${known.join(", ")}.`);
    }
  }
  return names;
}

function choosePeers(names: string[], peers: Peer[]): Peer[] {
  for (const name of names) {
    if (peers.some((peer) => namesOf(peer).includes(name))) continue;
    const known = [...new Set(peers.map(({ folder }) => folder))].join(", ");
    throw new Error(`There is no peer \`${name}\`. Choose from: ${known}, or one of their stores.`);
  }
  const wanted = (peer: Peer) => namesOf(peer).some((name) => names.includes(name));
  return names.length === 0 ? peers : peers.filter(wanted);
}

/** By which it is asked for: an option comes with the system that it mends. */
const namesOf = ({ folder, name, mends }: Peer) => [folder, name, ...(mends ? [mends.peer] : [])];

function parseDir(text: string, taken: string[], own: OwnApp): Column {
  // A drive letter's colon is not a manifest's.
  const [, name, folder, manifest] = /^([^=]+)=(.+?)(?::([^:/\\]+\.json))?$/.exec(text) ?? [];
  if (!name || !folder || !/^[a-z][a-z0-9-]{0,29}$/.test(name)) {
    throw new Error(
      `\`--dir ${text}\` is not NAME=FOLDER or NAME=FOLDER:MANIFEST, as in \`--dir my-app=../my-app:app.json\`. A name has up to 30 lower-case letters, digits and dashes.`,
    );
  }
  if (taken.includes(name)) {
    throw new Error(`\`${name}\` is an app of this repository. Give \`--dir\` another name.`);
  }
  const dir = resolve(folder);
  if (!existsSync(dir)) throw new Error(`\`--dir ${text}\`: there is no folder \`${folder}\`.`);
  return folderColumn(name, dir, manifest ?? null, own);
}

function parseUrl(pair: string, local: Column[], own: OwnApp): Column {
  const [, name, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(pair) ?? [];
  if (!name || !url || !URL.canParse(url)) {
    throw new Error(
      `\`--url ${pair}\` is not NAME=URL, as in \`--url db-app=https://my-app-0123456789ab.herokuapp.com\`.`,
    );
  }
  const column = deployedColumn(name, url.replace(/\/+$/, ""), local);
  return { ...column, signIn: own.signIn ?? null };
}
