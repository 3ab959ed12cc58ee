import type { AppResult, Results } from "../src/results.ts";
import { createBoard } from "./board.ts";
import { buildApps } from "./build-apps.ts";
import type { Column } from "./columns.ts";
import { machine, versions } from "./machine.ts";
import { secondsSince } from "./measure.ts";
import type { Options } from "./options.ts";
import type { Output } from "./progress.ts";
import { runColumn } from "./run-column.ts";
import { saveResults } from "./save.ts";
import { storeVersion } from "./store-version.ts";
import { createTurns } from "./turns.ts";

/** How many apps are up at a time: most scenarios wait more than they compute. */
const lanes = 2;

export interface Comparison {
  options: Options;
  /** The folder for `results.json` and k6's own files. */
  out: string;
  /** What was typed. */
  command: string;
  /** Where progress goes. */
  output: Output;
  signal: AbortSignal;
}

/** Asks every column its questions, and keeps `results.json` up to date all the while. */
export async function compare(comparison: Comparison): Promise<Results> {
  const { options, out, command, output, signal } = comparison;
  const { columns, dynos } = options;
  const found = await versions();
  const broken = await buildApps(columns, output, signal);
  const plan = columns.map((column) => ({
    column,
    scenarios: options.scenarios.filter((name) => column.only?.includes(name) ?? true),
    result: emptyResult(column),
  }));
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
    apps: plan.map(({ result }) => result),
  };
  const save = () => {
    for (const { store } of results.apps) {
      const [name, version] = (store && storeVersion(store)) || [];
      if (name && version) found[name] = version;
    }
    results.seconds = secondsSince(started);
    saveResults(out, results);
  };
  const jobs = plan.flatMap(({ column, scenarios }) => [
    ...(column.local ? ["up"] : []),
    ...scenarios,
  ]);
  const names = columns.map(({ name }) => name);
  const board = createBoard(output, jobs, names, Math.min(lanes, columns.length));
  const turns = createTurns();
  const waiting = [...plan];
  const lane = async () => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const { name, local } = next.column;
      await runColumn({
        ...{ ...next, dynos, out, turns, signal },
        broken: local ? broken.get(local.app) : undefined,
        onStart: (job) => board.start(name, job),
        onDone: (job, seconds, answer) => {
          save();
          board.done(name, job, seconds, answer);
        },
        onFailure: (reason, left) => {
          save();
          board.failed(name, reason, left);
        },
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    board.close();
    results.complete = !signal.aborted;
    save();
  }
  return results;
}

function emptyResult({ name, title, affinity, traits, url }: Column): AppResult {
  return {
    ...{ name, strategy: title, store: null, affinity },
    ...(url ? { url } : {}),
    ...{ traits, seconds: 0, scenarios: {} },
  };
}
