import { type App, up } from "@repo/dynos";
import { expected, table } from "@repo/load/lib/expectations.ts";
import type { AppResult, ScenarioResult, Verdict } from "../src/results.ts";
import type { Column } from "./columns.ts";
import { commandOf, measure, secondsSince } from "./measure.ts";
import { notTested } from "./result.ts";
import type { Turns } from "./turns.ts";

export interface ColumnRun {
  column: Column;
  scenarios: string[];
  dynos: number;
  out: string;
  /** Why it could not even be built. */
  broken?: string;
  turns: Turns;
  signal: AbortSignal;
  /** Filled as the answers come in. */
  result: AppResult;
  onStart(job: string): void;
  onDone(job: string, seconds: number, result?: ScenarioResult): void;
}

/** Scripts that make something happen to the app, which nobody can do to a deployed one from here. */
const needsControl = ["restart", "scale", "deploy", "store-restart"];

/** Brings one app up, asks it all the questions one after another, and takes it down. */
export async function runColumn(run: ColumnRun): Promise<void> {
  const { column, turns, signal, result } = run;
  const started = performance.now();
  let app: App | null = null;
  try {
    if (run.broken) throw new Error(run.broken);
    if (column.local) app = await turns.beside(() => bringUp(run));
    for (const scenario of run.scenarios) {
      signal.throwIfAborted();
      await ask(run, scenario, app);
    }
  } catch (error) {
    if (!signal.aborted) giveUp(run, error instanceof Error ? error.message : String(error));
  } finally {
    await app?.down();
    result.seconds = secondsSince(started);
  }
}

async function bringUp({ column, dynos, signal, onStart, onDone }: ColumnRun): Promise<App> {
  const started = performance.now();
  if (!column.local) throw new Error("A deployed app is up already");
  const { dir, manifest } = column.local;
  onStart("up");
  const name = column.name.replace(":", "-");
  const app = await up({ dir, name, manifest, web: dynos, affinity: column.affinity, signal });
  onDone("up", secondsSince(started));
  return app;
}

/** `cost` pushes hard, so nothing else may run beside it. */
async function ask(run: ColumnRun, scenario: string, app: App | null): Promise<void> {
  const { column, turns, dynos, out, signal, result } = run;
  const promised = expectation(run, scenario);
  const work = async () => {
    run.onStart(scenario);
    if (!app && needsControl.includes(scenario)) {
      return unasked(
        run,
        scenario,
        "nobody can do that to a deployed app from here; run it by hand",
      );
    }
    await app?.scale({ web: dynos });
    const baseUrl = column.url ?? app?.httpsUrl ?? "";
    return measure({ column, scenario, app, baseUrl, expected: promised, out, signal });
  };
  const answer = await (scenario === "cost" ? turns.alone(work) : turns.beside(work));
  if (signal.aborted) return;
  result.scenarios[scenario] = answer;
  run.onDone(scenario, answer.seconds, answer);
}

function expectation({ column, dynos }: ColumnRun, scenario: string): Verdict | null {
  if (!column.traits || !isAsked(scenario)) return null;
  const { affinity } = column;
  return expected(scenario, column.traits, { affinity, dynos: column.local ? dynos : 2 });
}

const isAsked = (scenario: string): scenario is keyof typeof table => scenario in table;

function unasked(run: ColumnRun, scenario: string, reason: string): ScenarioResult {
  const command = commandOf(scenario, run.column);
  return { ...notTested(scenario, reason, "not tested"), seconds: 0, raw: [], command };
}

/** Nothing more can be asked of this app: all that is left is not tested, with the reason. */
function giveUp(run: ColumnRun, reason: string): void {
  run.result.error = reason;
  for (const scenario of run.scenarios) {
    if (run.result.scenarios[scenario]) continue;
    const command = commandOf(scenario, run.column);
    const promised = expectation(run, scenario);
    const answer = { ...notTested(scenario, reason, promised), seconds: 0, raw: [], command };
    // However little was expected of it: that the app did not come up was not.
    run.result.scenarios[scenario] = { ...answer, asExpected: false };
    run.onDone(scenario, 0, run.result.scenarios[scenario]);
  }
}
