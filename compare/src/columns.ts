import { join } from "node:path";
import { serviceOf } from "@repo/addons";
import { readManifest } from "@repo/dynos/manifest";
import { expectedVerdict, type Scenario, scenarios } from "@repo/load/scenarios";
import type { Verdict } from "@repo/load/verdict";
import type { App } from "@repo/registry";
import type { Missing } from "@repo/registry/missing";
import type { Peer, Preparation } from "@repo/registry/peers";
import type { Traits } from "@repo/registry/traits";

/** An app that is brought up on local dynos. */
export interface Local {
  dir: string;
  /** The folder in `apps/` that is built first; `null` for a folder that is brought up as it is. */
  app: string | null;
  /** The file's name in the folder; `null` for `app.json`, where there is one. */
  manifest: string | null;
  /** The plans of its add-ons. */
  addons: string[];
  /** The config var that holds the app's secret. Default: the manifest's first generated one. */
  secret?: string;
  /** What has to be installed first. */
  prepare?: Preparation;
  /** Without it the column is left out. */
  needs?: Peer["needs"];
  /** Config vars beside those of the manifest. */
  env?: Record<string, string>;
}

/** One column of the table: one app, brought up once. */
export interface Column {
  /** `db-app`, `cache-app:redis`, `file-app:affinity`. */
  name: string;
  title: string;
  /** `null` for an app whose traits are not declared: nothing is expected of it. */
  traits: Traits | null;
  affinity: boolean;
  /** `null` for a deployed app. */
  local: Local | null;
  /** How its visitors sign in: the scripts' option `SIGN_IN`. `null` if they find it out by themselves. */
  signIn: string | null;
  /** `null` for a local app. */
  url: string | null;
  /** The scenarios that it is asked. Default: all. */
  only?: string[];
}

/**
 * A column for each manifest of each app, and one more with session affinity for an app whose dynos do not share
 * sessions: affinity seems to mend that, and the column shows until when.
 */
export function columnsOf(apps: App[]): Column[] {
  return apps.flatMap(({ name: app, dir, title, traits, manifests }) => {
    const common = { traits, affinity: false, url: null, signIn: null };
    const columns = manifests.map(
      ({ name, variant, file, addons }): Column => ({
        ...common,
        name,
        title: variant ? `${title}, ${variant}` : title,
        local: { dir, app, manifest: file, addons: addons.map(({ plan }) => plan) },
      }),
    );
    if (traits.sharedByDynos) return columns;
    const withAffinity: Column = {
      ...common,
      name: `${app}:affinity`,
      title: `${title}, affinity`,
      affinity: true,
      local: { dir, app, manifest: "app.json", addons: [] },
    };
    return [...columns, withAffinity];
  });
}

/** A deployed app. Its traits are known if it has the name of a local column. */
export function deployedColumn(name: string, url: string, local: Column[]): Column {
  const namesake = local.find((column) => column.name === name);
  return {
    name,
    title: namesake?.title ?? name,
    traits: namesake?.traits ?? null,
    affinity: namesake?.affinity ?? false,
    local: null,
    url,
    signIn: null,
  };
}

/** What the command line says about every app that is not one of ours. */
export interface OwnApp {
  signIn?: string | undefined;
  secret?: string | undefined;
}

/**
 * Any folder with a Procfile. Its traits are unknown, so nothing is expected of it.
 *
 * @throws an `Error` if there is no such folder, or its manifest is not valid
 */
export function folderColumn(
  name: string,
  dir: string,
  manifest: string | null,
  { signIn, secret }: OwnApp = {},
): Column {
  const { addons } = readManifest(join(dir, manifest ?? "app.json"), { optional: !manifest });
  return {
    name,
    title: name,
    traits: null,
    affinity: false,
    local: {
      ...{ dir, app: null, manifest },
      addons: addons.map(({ plan }) => plan),
      ...(secret ? { secret } : {}),
    },
    url: null,
    signIn: signIn ?? null,
  };
}

/** A column for a system in `peers/`; one with an option is asked only where the option matters. */
export function peerColumn(peer: Peer): Column {
  const { name, title, dir, manifest, signIn, secret, prepare, needs, env, mends } = peer;
  const own = { signIn: signIn ?? undefined, secret: secret ?? undefined };
  const column = folderColumn(name, dir, manifest, own);
  return {
    ...column,
    title,
    local: column.local && { ...column.local, prepare, needs, env },
    ...(mends ? { only: mends.option.scenarios } : {}),
  };
}

/**
 * Those of the scenarios that a column is asked, in the order in which they run: `skew` leaves the app in the release of
 * changed code, so it is the last.
 */
export function askedOf({ only }: Column, scenarios: string[]): string[] {
  const asked = only ? scenarios.filter((scenario) => only.includes(scenario)) : scenarios;
  return [...asked.filter((name) => name !== "skew"), ...asked.filter((name) => name === "skew")];
}

/**
 * Sorts columns by how many scenarios run on them: the longest first, so that none of those is left alone at the end, and
 * those that are alike come to `cost`, for which all others wait, at about the same time.
 */
export function byLength<Planned extends { column: Column; scenarios: string[] }>(
  plan: readonly Planned[],
): Planned[] {
  const length = ({ column, scenarios }: Planned) =>
    scenarios.filter((scenario) => !obstacle(column, scenario)).length;
  return [...plan].sort((a, b) => length(b) - length(a));
}

/** The verdict that a column's traits promise; `null` if nothing is declared. */
export function expectation(column: Column, scenario: string, dynos: number): Verdict | null {
  const { traits, affinity, local } = column;
  if (!traits || !isKnown(scenario)) return null;
  // The number of dynos of a deployed app is its owner's choice; with one of them no scenario has a verdict.
  return expectedVerdict(scenario, traits, { affinity, dynos: local ? dynos : 2 });
}

/** The server that a column needs and this machine does not have. */
export const missingFor = ({ local }: Column, missing: Missing[]): Missing | undefined =>
  missing.find(({ name }) => local?.addons.some((plan) => serviceOf(plan)?.server === name));

/** One line for each missing server: the columns that are left out, and the command that installs it. */
export function leftOut(columns: Column[], missing: Missing[]): string[] {
  return missing.flatMap((server) => {
    const names = columns.filter((column) => missingFor(column, [server])).map(({ name }) => name);
    if (names.length === 0) return [];
    return [`Left out: ${names.join(", ")}. ${reasonOf(server)}. Install it: ${server.command}`];
  });
}

export const reasonOf = ({ name }: Missing): string => `${name} is missing`;

const isKnown = (scenario: string): scenario is Scenario => Object.hasOwn(scenarios, scenario);

export const disturbsStore = (scenario: string): boolean =>
  isKnown(scenario) && scenarios[scenario].store === true;

/** Why a scenario cannot run on this column, if that is known beforehand. */
export function obstacle({ traits, local }: Column, scenario: string): string | undefined {
  const none =
    local?.app === null ? local.addons.length === 0 : traits?.survivesStoreRestart === null;
  const row = isKnown(scenario) ? scenarios[scenario] : undefined;
  if (row?.store && none) return "no store";
  if (scenario === "skew" && local?.app === null) {
    return "bin/compare has no second build of this app to deploy: run the script by hand";
  }
  if (!local && (row?.event || row?.disturbs)) {
    return "bin/compare cannot trigger events on a deployed app: run the script by hand";
  }
}
