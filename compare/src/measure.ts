import { existsSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { type App, appEvents, serveEvents } from "@repo/dynos";
import { isAsExpected, type Scenario } from "@repo/load/scenarios";
import type { Summary } from "@repo/load/summary-schema";
import type { Verdict } from "@repo/load/verdict";
import { ROOT } from "@repo/registry";
import { questionOf } from "@repo/report/questions";
import type { HistoryResult, ScenarioResult } from "@repo/report/results";
import type { Column } from "./columns.ts";
import { brokenPromises, checkRecorded } from "./history.ts";
import { runScript } from "./k6.ts";
import { readStrip } from "./strip.ts";

export interface Measurement {
  column: Column;
  scenario: string;
  /** The running app; `null` for a deployed one. */
  app: App | null;
  /** The folder of its next release, built from changed code; absent where there is none. */
  changed?: string | undefined;
  baseUrl: string;
  expected: Verdict | null;
  /** How long scenario `faults` runs; `null` for its own default. */
  faultMinutes: number | null;
  /** The folder of `results.json`. */
  out: string;
  signal: AbortSignal;
}

/** The report draws one visitor's requests in these scenarios. */
const scenariosWithStrip = ["continuity", "restart"];

/** Runs one scenario against one app. Never throws: a failure is the reason of a `not tested`. */
export async function measure(measurement: Measurement): Promise<ScenarioResult> {
  const { column, scenario, app, baseUrl, expected, faultMinutes, out, signal } = measurement;
  const started = performance.now();
  const folder = join(out, column.name.replace(":", "-"));
  mkdirSync(folder, { recursive: true });
  const summary = join(folder, `${scenario}.json`);
  const aggregates = join(folder, `${scenario}.k6.json`);
  const samples = join(folder, `${scenario}.samples.json.gz`);
  const history = join(folder, `${scenario}.history.jsonl`);
  const events = app ? await serveEvents(eventsOf(measurement, app), app) : null;
  const ran = await runScript({
    script: join(ROOT, "load", `${scenario}.ts`),
    env: {
      ...{
        BASE_URL: baseUrl,
        AGGREGATES: aggregates,
        ...scriptOptions(scenario, column, faultMinutes),
      },
      ...(expected ? { EXPECT: expected } : {}),
      ...(events ? { EVENTS: events.url } : {}),
    },
    summary,
    history,
    // Writing every sample slows down what `cost` measures.
    samples: scenario === "cost" ? null : samples,
    signal,
  })
    .catch((error: Error) => ({ failed: error.message }))
    .finally(() => events?.close());
  const checked = await checkRecorded(history, column).catch((error: Error) => error.message);
  const strip = scenariosWithStrip.includes(scenario) ? readStrip(samples) : [];
  const result =
    "failed" in ran ? notTested(scenario, ran.failed, expected) : resultOf(ran, scenario, expected);
  return {
    ...judged(result, checked),
    ...(strip.length > 0 ? { strip } : {}),
    seconds: secondsSince(started),
    raw: [summary, aggregates, samples, history]
      .filter(existsSync)
      .map((file) => relative(out, file)),
    command: commandOf(scenario, column, faultMinutes),
  };
}

/**
 * The events that a scenario may trigger. A wrong clock comes from libfaketime, which makes Python's `time.sleep` fail, so
 * only our own apps have one.
 */
function eventsOf({ column, changed }: Measurement, app: App) {
  const events = Object.entries(appEvents(app, changed));
  return Object.fromEntries(
    events.filter(([name]) => column.local?.app || !name.startsWith("clock-")),
  );
}

/** A promise that the history breaks is a surprise, whatever the scenario asked. */
function judged(result: ResultOfScript, checked: HistoryResult | string | null): ResultOfScript {
  if (typeof checked === "string") return { ...result, asExpected: false, reason: checked };
  if (!checked) return result;
  const broken = brokenPromises(checked);
  const reason = [result.reason, broken].filter(Boolean).join(" ");
  return {
    ...result,
    history: checked,
    ...(reason ? { reason } : {}),
    asExpected: result.asExpected && !broken,
  };
}

/** Options of a script: a longer journey is easier to see, and a declared limit can be compared. */
function scriptOptions(
  scenario: string,
  { traits, signIn }: Column,
  faultMinutes: number | null,
): Record<string, string> {
  return {
    ...(signIn ? { SIGN_IN: signIn } : {}),
    ...(scenario === "faults" && faultMinutes ? { SECONDS: String(faultMinutes * 60) } : {}),
    ...(scenario === "continuity" ? { VISITS: "30" } : {}),
    ...(scenario === "size" && traits ? { MAX_BYTES: String(traits.maxBytes) } : {}),
  };
}

/** The command that runs the same script by hand. */
export function commandOf(
  scenario: string,
  column: Column,
  faultMinutes: number | null = null,
): string {
  const baseUrl = column.url ?? "https://my-app-0123456789ab.herokuapp.com";
  const env = { BASE_URL: baseUrl, ...scriptOptions(scenario, column, faultMinutes) };
  const options = Object.entries(env).map(([name, value]) => `-e ${name}=${value}`);
  return `k6 run ${options.join(" ")} load/${scenario}.ts`;
}

/** How a reason begins when the app lacks what a scenario is about. */
const NOT_APPLICABLE = "not applicable";

type ResultOfScript = Omit<ScenarioResult, "seconds" | "raw" | "command" | "strip">;

/** What the script's summary says, beside what the app's traits promise. */
function resultOf(summary: Summary, scenario: string, expected: Verdict | null): ResultOfScript {
  const { verdict, reason, dynosSeen, affinity, requests, failedRequests, figures } = summary;
  return {
    question: questionOf(scenario).question,
    verdict,
    expected,
    asExpected: expected === null || isAsExpected(summary.scenario as Scenario, verdict, expected),
    // A run that was stopped has no headline.
    headline: summary.headline || (reason?.startsWith(NOT_APPLICABLE) ? NOT_APPLICABLE : verdict),
    ...(reason ? { reason } : {}),
    ...{ dynosSeen, affinity, requests, failedRequests, figures },
  };
}

/** The result of a scenario that did not run. It is as expected only if the traits say so. */
export function notTested(
  scenario: string,
  reason: string,
  expected: Verdict | null,
): ResultOfScript {
  return {
    question: questionOf(scenario).question,
    verdict: "not tested",
    expected,
    asExpected: expected === "not tested",
    headline: "not tested",
    reason,
    ...{ dynosSeen: 0, affinity: false, requests: 0, failedRequests: 0, figures: {} },
  };
}

/** Seconds since a time of `performance.now()`, to the millisecond. */
export const secondsSince = (started: number) => Math.round(performance.now() - started) / 1000;
