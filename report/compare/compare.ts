import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkResults } from "../src/read.ts";
import type { AppResult, Results, ScenarioResult } from "../src/results.ts";
import { marks } from "../src/table.ts";
import { build } from "./build.ts";
import type { Column } from "./columns.ts";
import { createEstimate, roughly } from "./estimate.ts";
import { machine, versions } from "./machine.ts";
import { secondsSince } from "./measure.ts";
import type { Options } from "./options.ts";
import { createProgress, type Output } from "./progress.ts";
import { runColumn } from "./run-column.ts";
import { createTurns } from "./turns.ts";

/** How many apps are up at a time: most scenarios wait more than they compute. */
const lanes = 2;

export interface Comparison {
  options: Options;
  out: string;
  command: string;
  output: Output;
  signal: AbortSignal;
}

/** Measures, and keeps `results.json` in the `out` folder up to date all the while. */
export async function compare({ options, out, command, output, signal }: Comparison) {
  const { columns, dynos } = options;
  const found = await versions();
  mkdirSync(out, { recursive: true });
  const plan = columns.map((column) => ({ column, scenarios: scenariosOf(column, options) }));
  const broken = await buildApps(columns, output, signal);

  const started = performance.now();
  const results: Results = {
    schema: 1,
    startedAt: new Date().toISOString(),
    seconds: 0,
    complete: false,
    dynos: columns.some(({ local }) => local) ? dynos : null,
    command,
    versions: found,
    machine: machine(),
    apps: columns.map(emptyResult),
  };
  const save = () => {
    results.seconds = secondsSince(started);
    const text = JSON.stringify(checkResults(results), null, 2);
    // Never half a file, whenever it is stopped.
    writeFileSync(join(out, "results.json.part"), `${text}\n`);
    renameSync(join(out, "results.json.part"), join(out, "results.json"));
  };

  const jobs = plan.flatMap(({ column, scenarios }) => [
    ...(column.local ? ["up"] : []),
    ...scenarios,
  ]);
  const estimate = createEstimate(jobs, Math.min(lanes, columns.length));
  const now = new Map<string, { job: string; since: number }>();
  const summary = () =>
    `${estimate.finished()}/${estimate.total}, ${roughly(estimate.secondsLeft())} left`;
  const status = () => [
    ...[...now].map(
      ([name, { job, since }]) => `  ${name} ${job} ${Math.round(secondsSince(since))} s`,
    ),
    `  ${summary()}`,
  ];
  const progress = createProgress(output, status);
  const turns = createTurns();
  const waiting = plan.map(({ column, scenarios }, index) => ({ column, scenarios, index }));
  const widest = Math.max(...columns.map(({ name }) => name.length));

  const lane = async () => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const { column, scenarios, index } = next;
      const { name } = column;
      await runColumn({
        column,
        scenarios,
        dynos,
        out,
        turns,
        signal,
        broken: broken.get(column.local?.app ?? ""),
        result: results.apps[index] as AppResult,
        onStart: (job) => now.set(name, { job, since: performance.now() }),
        onDone: (job, seconds, answer) => {
          now.delete(name);
          estimate.done(job, seconds);
          save();
          progress.line(doneLine(name.padEnd(widest), job, seconds, answer, summary()));
        },
      });
      now.delete(name);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
    results.complete = !signal.aborted;
    if (signal.aborted)
      results.apps = results.apps.filter((app) => Object.keys(app.scenarios).length > 0);
    save();
  } finally {
    progress.close();
  }
  return results;
}

function scenariosOf(column: Column, { scenarios }: Options): string[] {
  return scenarios.filter((name) => column.only === null || column.only.includes(name));
}

async function buildApps(columns: Column[], output: Output, signal: AbortSignal) {
  const apps = [...new Set(columns.flatMap(({ local }) => local?.app ?? []))];
  if (apps.length === 0) return new Map<string, string>();
  const started = performance.now();
  let last = "";
  const progress = createProgress(output, () => [
    `  building ${Math.round(secondsSince(started))} s  ${last}`,
  ]);
  progress.line(`Building ${apps.join(", ")} where they have changed…`);
  const failed = await build(
    apps,
    (line) => {
      last = line;
    },
    signal,
  );
  progress.close();
  return failed;
}

function emptyResult({ name, title, affinity, traits, url }: Column): AppResult {
  const store = null;
  return {
    name,
    strategy: title,
    store,
    affinity,
    ...(url ? { url } : {}),
    traits,
    seconds: 0,
    scenarios: {},
  };
}

function doneLine(
  name: string,
  job: string,
  seconds: number,
  answer: ScenarioResult | undefined,
  left: string,
) {
  const what = answer ? `${marks[answer.verdict]} ${answer.headline}` : "is up";
  const surprise = answer && !answer.asExpected ? "  NOT AS EXPECTED" : "";
  const reason = answer?.verdict === "not tested" && answer.reason ? `: ${answer.reason}` : "";
  return `${name}  ${job.padEnd(13)}  ${what}${reason}${surprise}  (${Math.round(seconds)} s; ${left})`;
}
