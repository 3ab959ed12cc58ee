import { serveLiveView } from "@repo/dynos";
import type { Missing } from "@repo/registry/missing";
import type { AppResult, Results } from "@repo/report/results";
import { createBoard } from "./board.ts";
import { buildApps } from "./build-apps.ts";
import { lackedBy, reasonOf } from "./columns.ts";
import { versions } from "./machine.ts";
import { secondsSince } from "./measure.ts";
import { newResults, noteStores } from "./new-results.ts";
import type { Options } from "./options.ts";
import type { Output } from "./progress.ts";
import { leaveOut, runColumn } from "./run-column.ts";
import { saveResults } from "./save.ts";
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
  /** What this machine lacks. */
  missing: Missing[];
  signal: AbortSignal;
}

/** Asks every column its questions, and keeps `results.json` up to date all the while. */
export async function compare(comparison: Comparison): Promise<Results> {
  const { options, out, command, output, missing, signal } = comparison;
  const { columns, dynos } = options;
  const found = await versions();
  const broken = await buildApps(
    columns.filter((column) => !lackedBy(column, missing)),
    output,
    signal,
  );
  signal.throwIfAborted();

  const started = performance.now();
  const results = newResults(columns, { dynos, command, versions: found });
  const save = () => {
    noteStores(results);
    results.seconds = secondsSince(started);
    saveResults(out, results);
  };
  const asked = columns.map((column, index) => ({
    column,
    scenarios: options.scenarios.filter((name) => column.only?.includes(name) ?? true),
    result: results.apps[index] as AppResult,
  }));
  const plan = asked.filter(({ column, scenarios, result }) => {
    const lacked = lackedBy(column, missing);
    if (lacked) result.scenarios = leaveOut(column, scenarios, reasonOf(lacked));
    return !lacked;
  });
  const jobs = plan.flatMap(({ column, scenarios }) =>
    column.local ? ["up", ...scenarios] : scenarios,
  );
  const view = results.dynos ? await serveLiveView() : null;
  if (view) output.write(`Watch it live, until it is over: ${view.url}\n`);
  const names = plan.map(({ column }) => column.name);
  const board = createBoard(output, jobs, names, Math.min(lanes, names.length));
  const turns = createTurns();

  const lane = async () => {
    for (let next = plan.shift(); next && !signal.aborted; next = plan.shift()) {
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
    view?.close();
    results.complete = !signal.aborted;
    save();
  }
  return results;
}
