import { type App, up } from "@repo/dynos";
import type { AppResult, ScenarioResult } from "@repo/report/results";
import type { Column } from "./columns.ts";
import { expectation, whyNotAsked } from "./expectation.ts";
import { commandOf, measure, secondsSince } from "./measure.ts";
import { notTested } from "./result.ts";
import type { Turns } from "./turns.ts";

export interface ColumnRun {
  column: Column;
  scenarios: string[];
  dynos: number;
  out: string;
  /** Why it could not even be built. */
  broken?: string | undefined;
  turns: Turns;
  signal: AbortSignal;
  /** Filled as the answers come in. */
  result: AppResult;
  onStart(job: string): void;
  onDone(job: string, seconds: number, answer?: ScenarioResult): void;
  /** The app failed, so some of its jobs will not be done. */
  onFailure(reason: string, left: string[]): void;
}

/** Brings one app up, asks it all the questions one after another, and takes it down. */
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
      await ask(run, scenario, app);
    }
  } catch (error) {
    if (signal.aborted) return;
    const left = giveUp(run, error instanceof Error ? error.message : String(error));
    run.onFailure(result.error ?? "", app || !column.local ? left : ["up", ...left]);
  } finally {
    await app?.down();
    result.seconds = secondsSince(started);
  }
}

/** Answers every question of a column that this machine cannot bring up: not tested, as was to be expected. */
export function leaveOut(
  column: Column,
  scenarios: string[],
  reason: string,
): AppResult["scenarios"] {
  return Object.fromEntries(
    scenarios.map((scenario) => {
      const answer = unasked(column, scenario, reason);
      return [scenario, { ...answer, headline: `not tested: ${reason}` }];
    }),
  );
}

type Local = NonNullable<Column["local"]>;

async function bringUp(run: ColumnRun, local: Local): Promise<App> {
  const { column, dynos, signal, result } = run;
  const { dir, manifest } = local;
  const started = performance.now();
  run.onStart("up");
  const name = column.name.replace(":", "-");
  const app = await up({ dir, name, manifest, web: dynos, affinity: column.affinity, signal });
  result.store = app.addons()[0]?.plan ?? null;
  run.onDone("up", secondsSince(started));
  return app;
}

/** `cost` pushes hard, so nothing else may run beside it. */
async function ask(run: ColumnRun, scenario: string, app: App | null): Promise<void> {
  const { column, turns, dynos, out, signal, result } = run;
  const expected = expectation(column, scenario, dynos);
  const work = async (): Promise<ScenarioResult> => {
    run.onStart(scenario);
    const obstacle = whyNotAsked(column, scenario);
    if (obstacle) return unasked(column, scenario, obstacle);
    if (app) await repair(app, dynos);
    const baseUrl = column.url ?? app?.httpsUrl ?? "";
    return measure({ column, scenario, app, baseUrl, expected, out, signal });
  };
  const alone = scenario === "cost";
  if (alone) run.onStart("waiting until nothing else runs");
  const answer = await (alone ? turns.alone(work) : turns.beside(work));
  if (signal.aborted) return;
  result.scenarios[scenario] = answer;
  run.onDone(scenario, answer.seconds, answer);
}

/** Whatever the scenario before has left: a store that runs, and as many dynos as before. */
async function repair(app: App, dynos: number): Promise<void> {
  for (const { name, state } of app.addons()) if (state === "stopped") await app.addonStart(name);
  await app.scale({ web: dynos });
}

function unasked(column: Column, scenario: string, reason: string): ScenarioResult {
  const command = commandOf(scenario, column);
  return { ...notTested(scenario, reason, "not tested"), seconds: 0, raw: [], command };
}

/** Nothing more can be asked of this app: what is left, it answers, is not tested for this reason. */
function giveUp({ column, dynos, scenarios, result }: ColumnRun, reason: string): string[] {
  const left = scenarios.filter((scenario) => !result.scenarios[scenario]);
  result.error = reason;
  for (const scenario of left) {
    const answer = notTested(scenario, reason, expectation(column, scenario, dynos));
    const command = commandOf(scenario, column);
    // However little was expected of it: that the app failed was not.
    result.scenarios[scenario] = { ...answer, asExpected: false, seconds: 0, raw: [], command };
  }
  return left;
}
