import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { serviceOf } from "@repo/addons";
import { ROOT } from "@repo/registry";
import { type AppResult, checkResults, type Machine, type Results } from "@repo/report/results";
import type { Column } from "./columns.ts";
import { k6Version } from "./k6.ts";

/** Results before the first measurement. */
export function createResults(
  columns: Column[],
  { dynos, command, versions }: { dynos: number } & Pick<Results, "command" | "versions">,
): Results {
  return {
    schema: 1,
    startedAt: new Date().toISOString(),
    seconds: 0,
    complete: false,
    dynos: columns.some(({ local }) => local) ? dynos : null,
    command,
    versions,
    machine: machine(),
    apps: columns.map(createAppResult),
  };
}

function createAppResult({ name, title, affinity, traits, url }: Column): AppResult {
  return {
    ...{ name, strategy: title, store: null, affinity },
    ...(url ? { url } : {}),
    ...{ traits, seconds: 0, scenarios: {} },
  };
}

/**
 * Takes over what a run found before it was stopped: the scenarios whose summaries it has, and those that its columns
 * cannot be asked.
 */
export function takeOver(before: Results, results: Results): void {
  results.startedAt = before.startedAt;
  Object.assign(results.versions, { ...before.versions, ...results.versions });
  for (const app of results.apps) {
    const earlier = before.apps.find(({ name }) => name === app.name);
    const measured = Object.entries(earlier?.scenarios ?? {}).filter(
      ([scenario, { raw, asExpected, headline }]) =>
        raw.some((file) => basename(file) === `${scenario}.json`) ||
        (raw.length === 0 && asExpected && headline === "not tested"),
    );
    app.store = earlier?.store ?? null;
    app.seconds = earlier?.seconds ?? 0;
    app.scenarios = Object.fromEntries(measured);
  }
}

/** Saves the measurements so far. The file is never half written, whenever the process ends. */
export function saveResults(out: string, results: Results): void {
  mkdirSync(out, { recursive: true });
  const file = join(out, "results.json");
  writeFileSync(`${file}.part`, `${textOf(checkResults(results))}\n`);
  renameSync(`${file}.part`, file);
}

/** Indented JSON, except that each mark of a strip takes one line. */
function textOf(results: Results): string {
  return JSON.stringify(results, null, 2).replace(
    /\{\s+("(?:dyno|event|skipped)": [^\n{}]*)(?:\n\s+("[^\n{}]*))?\s+\}/g,
    (_, first, second) => (second ? `{ ${first} ${second} }` : `{ ${first} }`),
  );
}

function machine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    memoryBytes: totalmem(),
    cpu: processors[0]?.model.trim() ?? "unknown",
    os: `${type()} ${release()}`,
  };
}

/**
 * Versions of what takes part in a run: Next.js where one of our apps does.
 *
 * @throws an `Error` if there is no suitable k6
 */
export async function toolVersions(columns: Column[]): Promise<Record<string, string>> {
  const k6 = await k6Version();
  const ours = columns.some(({ local, traits }) => (local ? local.app : traits));
  const next: Record<string, string> = ours
    ? { next: packageVersion("next", "packages/session") }
    : {};
  return { k6, node: process.versions.node, ...next };
}

/** Adds the versions of the stores that came up. */
export function addStoreVersions({ apps, versions }: Results): void {
  for (const { store } of apps) {
    const server = store === null ? undefined : serviceOf(store)?.version();
    if (server) versions[server.name] = server.version;
  }
}

/** The version of an npm package that a package of ours uses. */
function packageVersion(name: string, from: string): string {
  const file = findPackageJSON(name, pathToFileURL(join(ROOT, from, "package.json")));
  if (!file) throw new Error(`Missing package \`${name}\`. Run \`bin/setup\`.`);
  return JSON.parse(readFileSync(file, "utf8")).version;
}
