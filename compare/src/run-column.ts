import { type App, up } from "@repo/dynos";
import type { AppResult, ScenarioResult } from "@repo/report/results";
import { type Column, disturbsStore, expectation, type Local, obstacle } from "./columns.ts";
import { commandOf, measure, notTested, secondsSince } from "./measure.ts";
import type { Turns } from "./turns.ts";

export interface ColumnRun {
  column: Column;
  scenarios: string[];
  dynos: number;
  /** How long scenario `faults` runs; `null` for its own default. */
  faultMinutes: number | null;
  out: string;
  /** Why the app could not be built. */
  broken?: string | undefined;
  /** The folder of the app's next release, which scenario `skew` deploys. */
  changed?: string | undefined;
  turns: Turns;
  signal: AbortSignal;
  /** Filled with the results of the scenarios. */
  result: AppResult;
  onStart(job: string): void;
  onDone(job: string, seconds: number, result?: ScenarioResult): void;
  /** The app failed, so the jobs that are left will not run. */
  onFailure(reason: string, left: string[]): void;
}

/** Brings one app up, runs its scenarios one after another, and takes it down. */
export async function runColumn(run: ColumnRun): Promise<void> {
  const { column, turns, signal, result } = run;
  const started = performance.now();
  let app: App | null = null;
  try {
    if (run.broken) throw new Error(run.broken);
    const { local } = column;
    if (local) app = await turns.beside(() => bringUp(run, local));
    for (const scenario of run.scenarios) {
      signal.throwIfAborted();
      await runScenario(run, scenario, app);
    }
  } catch (error) {
    if (signal.aborted) return;
    const left = giveUp(run, error instanceof Error ? error.message : String(error));
    run.onFailure(result.error ?? "", app || !column.local ? left : ["up", ...left]);
  } finally {
    await app?.down();
    result.seconds += secondsSince(started);
  }
}

/** The results of a column that cannot run on this machine: all are `not tested`, as expected. */
export function leaveOut(
  column: Column,
  scenarios: string[],
  reason: string,
): AppResult["scenarios"] {
  return Object.fromEntries(
    scenarios.map((scenario) => {
      const result = skipped(column, scenario, reason);
      return [scenario, { ...result, headline: `not tested: ${reason}` }];
    }),
  );
}

async function bringUp(run: ColumnRun, local: Local): Promise<App> {
  const { column, dynos, signal, result } = run;
  const { dir, manifest, secret, env } = local;
  const started = performance.now();
  run.onStart("up");
  const name = column.name.replace(":", "-");
  const app = await up({
    ...{ dir, name, secret, env, web: dynos, affinity: column.affinity, signal },
    manifest: manifest ?? undefined,
    // On Heroku 180 s. Nothing happens in it but that old dynos answer, and new ones are longer in starting than this.
    timeouts: { prebootMs: 1_000 },
  });
  result.store = app.addons()[0]?.plan ?? null;
  run.onDone("up", secondsSince(started));
  return app;
}

/** `cost` measures time, so nothing else may run beside it. */
async function runScenario(run: ColumnRun, scenario: string, app: App | null): Promise<void> {
  const { column, turns, dynos, faultMinutes, out, signal, result } = run;
  const expected = expectation(column, scenario, dynos);
  const work = async (): Promise<ScenarioResult> => {
    run.onStart(scenario);
    const reason = obstacle(column, scenario);
    if (reason) return skipped(column, scenario, reason);
    if (app) await restore(app, dynos);
    const baseUrl = column.url ?? app?.httpsUrl ?? "";
    const { changed } = run;
    return measure({
      column,
      scenario,
      app,
      changed,
      baseUrl,
      expected,
      faultMinutes,
      out,
      signal,
    }).finally(() => (app && !signal.aborted ? cleanUp(app, column, scenario) : undefined));
  };
  const alone = scenario === "cost";
  if (alone) run.onStart("waiting until nothing else runs");
  const measured = await (alone ? turns.alone(work) : turns.beside(work));
  if (signal.aborted) return;
  result.scenarios[scenario] = measured;
  run.onDone(scenario, measured.seconds, measured);
}

/** The next scenario is about clients that do not remember an outage. */
async function cleanUp(app: App, { traits }: Column, scenario: string): Promise<void> {
  // Ours are promised to be well again at once. dalli, for one, does not ask a server that failed for a minute.
  if (!traits && disturbsStore(scenario)) await app.restart();
}

/** Undoes what the previous scenario left: starts the store, and restores the number of dynos. */
async function restore(app: App, dynos: number): Promise<void> {
  for (const { name, state } of app.addons()) if (state === "stopped") await app.addonStart(name);
  await app.scale({ web: dynos });
}

function skipped(column: Column, scenario: string, reason: string): ScenarioResult {
  const command = commandOf(scenario, column);
  return { ...notTested(scenario, reason, "not tested"), seconds: 0, raw: [], command };
}

/** The app failed: the scenarios that are left are `not tested` for this reason. Returns them. */
function giveUp({ column, dynos, scenarios, result }: ColumnRun, reason: string): string[] {
  const left = scenarios.filter((scenario) => !result.scenarios[scenario]);
  result.error = reason;
  // The lines after it are the app's log.
  const [summary = ""] = reason.split("\n");
  for (const scenario of left) {
    const untested = notTested(scenario, summary, expectation(column, scenario, dynos));
    const command = commandOf(scenario, column);
    // A failed app is never as expected, whatever its traits promise.
    result.scenarios[scenario] = { ...untested, asExpected: false, seconds: 0, raw: [], command };
  }
  return left;
}
