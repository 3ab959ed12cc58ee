import { serveLiveView } from "@repo/dynos";
import type { Missing } from "@repo/registry/missing";
import type { AppResult, Results } from "@repo/report/results";
import { buildApps } from "./build.ts";
import { buildChangedRelease, type ChangedRelease } from "./changed-release.ts";
import { askedOf, byLength, type Column, missingFor, reasonOf } from "./columns.ts";
import { secondsSince } from "./measure.ts";
import type { Options } from "./options.ts";
import { prepareColumns } from "./prepare.ts";
import { createBoard, type Output } from "./progress.ts";
import { addStoreVersions, createResults, saveResults, takeOver, toolVersions } from "./results.ts";
import { leaveOut, runColumn } from "./run-column.ts";
import { createTurns } from "./turns.ts";

/** How many apps are up at a time. Most scenarios wait more than they compute (decision 055); `cost` runs alone. */
const LANES = 3;

export interface Comparison {
  options: Options;
  /** The folder for `results.json` and k6's own files. */
  out: string;
  /** The command line, to repeat the run. */
  command: string;
  /** Where progress goes. */
  output: Output;
  /** What a run that was stopped had measured by then; `null` for a new one. */
  before: Results | null;
  /** The servers that this machine does not have. */
  missing: Missing[];
  signal: AbortSignal;
}

/** Runs the scenarios on every column, and saves `results.json` after each of them. */
export async function compare(comparison: Comparison): Promise<Results> {
  const { options, out, command, output, before, missing, signal } = comparison;
  const { columns, dynos, faultMinutes } = options;
  const versions = await toolVersions(columns);
  const possible = columns.filter((column) => !missingFor(column, missing));
  const unprepared = await prepareColumns(possible, output, signal);
  for (const [name, why] of unprepared) output.write(`[compare] Left out: ${name}. ${why}\n`);
  const broken = await buildApps(possible, output, signal);
  signal.throwIfAborted();
  const changed = await changedRelease(comparison, possible, broken);
  signal.throwIfAborted();

  const started = performance.now();
  const results = createResults(columns, { dynos, command, versions });
  if (before) takeOver(before, results);
  const save = () => {
    addStoreVersions(results);
    results.seconds = (before?.seconds ?? 0) + secondsSince(started);
    saveResults(out, results);
  };
  const planned = columns.flatMap((column, index) => {
    const result = results.apps[index] as AppResult;
    const scenarios = askedOf(column, options.scenarios).filter((name) => !result.scenarios[name]);
    return scenarios.length > 0 ? [{ column, scenarios, result }] : [];
  });
  const ready = planned.filter(({ column, scenarios, result }) => {
    const server = missingFor(column, missing);
    const reason = server ? reasonOf(server) : unprepared.get(column.name);
    if (reason) Object.assign(result.scenarios, leaveOut(column, scenarios, reason));
    return !reason;
  });
  const plan = byLength(ready);
  const jobs = plan.flatMap(({ column, scenarios }) =>
    column.local ? ["up", ...scenarios] : scenarios,
  );
  const view = results.dynos ? await serveLiveView() : null;
  if (view) output.write(`Live view during the run: ${view.url}\n`);
  const names = plan.map(({ column }) => column.name);
  const board = createBoard(output, jobs, names, Math.min(LANES, names.length));
  const turns = createTurns();

  const lane = async () => {
    for (let next = plan.shift(); next && !signal.aborted; next = plan.shift()) {
      const { name, local } = next.column;
      await runColumn({
        ...{ ...next, dynos, faultMinutes, out, turns, signal },
        changed: local?.app ? changed?.dirOf(local.app) : undefined,
        broken: local?.app ? broken.get(local.app) : undefined,
        onStart: (job) => board.start(name, job),
        onDone: (job, seconds, result) => {
          save();
          board.done(name, job, seconds, result);
        },
        onFailure: (reason, left) => {
          save();
          board.failed(name, reason, left);
        },
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    board.close();
    await changed?.remove();
    view?.close();
    results.complete = !signal.aborted;
    save();
  }
  return results;
}

/** `null` where no scenario deploys it. Where it cannot be built, the others run all the same. */
async function changedRelease(
  { options, output, signal }: Comparison,
  columns: Column[],
  broken: Map<string, string>,
): Promise<ChangedRelease | null> {
  const apps = columns.flatMap(({ local }) =>
    local?.app && !broken.has(local.app) ? local.app : [],
  );
  if (apps.length === 0 || !options.scenarios.includes("skew")) return null;
  try {
    return await buildChangedRelease([...new Set(apps)], output, signal);
  } catch (error) {
    if (!signal.aborted)
      output.write(`[compare] Could not build changed code: ${(error as Error).message}\n`);
    return null;
  }
}
