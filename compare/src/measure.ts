import { existsSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { App } from "@repo/dynos";
import { ROOT } from "@repo/registry";
import type { ScenarioResult, Verdict } from "@repo/report/results";
import { appEvents } from "./app-events.ts";
import type { Column } from "./columns.ts";
import { serveEvents } from "./events.ts";
import { runScript } from "./k6.ts";
import { found, notTested } from "./result.ts";
import { readStrip } from "./strip.ts";

export interface Measuring {
  column: Column;
  scenario: string;
  /** The running app; null for a deployed one. */
  app: App | null;
  baseUrl: string;
  expected: Verdict | null;
  /** The folder of `results.json`. */
  out: string;
  signal: AbortSignal;
}

/** Asks one question of one app. Never throws: what goes wrong is the reason of a `not tested`. */
export async function measure(measuring: Measuring): Promise<ScenarioResult> {
  const { column, scenario, app, baseUrl, expected, out, signal } = measuring;
  const started = performance.now();
  const folder = join(out, column.name.replace(":", "-"));
  mkdirSync(folder, { recursive: true });
  const file = (kind: string) => join(folder, `${scenario}${kind}`);
  const [summary, aggregates, samples] = [
    file(".json"),
    file(".k6.json"),
    file(".samples.json.gz"),
  ];
  const events = app ? await serveEvents(appEvents(app)) : null;
  const ran = await runScript({
    script: join(ROOT, "load", `${scenario}.ts`),
    env: {
      ...{ BASE_URL: baseUrl, AGGREGATES: aggregates, ...settings(scenario, column) },
      ...(expected ? { EXPECT: expected } : {}),
      ...(events ? { EVENTS: events.url } : {}),
    },
    summary,
    // Writing every sample down would make what is measured slower.
    samples: scenario === "cost" ? null : samples,
    signal,
  })
    .catch((error: Error) => ({ failed: error.message }))
    .finally(() => events?.close());
  const strip = drawn.includes(scenario) ? readStrip(samples) : [];
  return {
    ...("failed" in ran ? notTested(scenario, ran.failed, expected) : found(ran, expected)),
    ...(strip.length > 0 ? { strip } : {}),
    seconds: secondsSince(started),
    raw: [summary, aggregates, samples]
      .filter((file) => existsSync(file))
      .map((file) => relative(out, file)),
    command: commandOf(scenario, column),
  };
}

/** Of these the report draws one visitor's requests. */
const drawn = ["continuity", "restart"];

/** What a script is told besides: a longer journey shows more of itself, and a limit can be compared. */
function settings(scenario: string, { traits }: Column): Record<string, string> {
  if (scenario === "continuity") return { VISITS: "30" };
  if (scenario === "size" && traits) return { MAX_BYTES: String(traits.maxBytes) };
  return {};
}

/** The same script by hand. */
export function commandOf(scenario: string, column: Column): string {
  const baseUrl = column.url ?? "https://my-app.herokuapp.com";
  const env = { BASE_URL: baseUrl, ...settings(scenario, column) };
  const options = Object.entries(env).map(([name, value]) => `-e ${name}=${value}`);
  return `k6 run ${options.join(" ")} load/${scenario}.ts`;
}

export const secondsSince = (started: number) => Math.round(performance.now() - started) / 1000;
