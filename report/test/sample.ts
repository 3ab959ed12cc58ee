import type { AppResult, Mark, Results, ScenarioResult } from "../src/results.ts";

/** Hand-made results for tests that need a certain outcome; no figure in here was measured. */
export function sampleResults(apps: AppResult[] = [sampleApp()]): Results {
  return {
    schema: 1,
    startedAt: "2026-11-24T09:00:00.000Z",
    seconds: 61.2,
    complete: true,
    dynos: 3,
    command: "bin/compare --quick",
    versions: { k6: "2.2.0", node: "24.19.2", next: "16.4.6" },
    machine: { cores: 2, memoryBytes: 8 * 2 ** 30, cpu: "Some CPU", os: "Linux 6.1" },
    apps,
  };
}

export function sampleApp(changes: Partial<AppResult> = {}): AppResult {
  return {
    name: "db-app",
    strategy: "Database",
    store: "heroku-postgresql",
    affinity: false,
    traits: {
      sharedByDynos: true,
      survivesDynoRestart: true,
      survivesStoreRestart: true,
      revocable: true,
      keepsParallelWrites: true,
      listsSessions: true,
      maxBytes: 65536,
    },
    seconds: 20,
    scenarios: { continuity: sampleScenario() },
    ...changes,
  };
}

export function sampleScenario(changes: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    question: "Does a visitor's session follow from dyno to dyno?",
    verdict: "works",
    expected: "works",
    asExpected: true,
    headline: "100 % found",
    dynosSeen: 3,
    affinity: false,
    requests: 200,
    failedRequests: 0,
    figures: { foundShare: 1 },
    strip: sampleStrip,
    seconds: 3,
    raw: ["db-app/continuity.json"],
    command: "k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/continuity.ts",
    ...changes,
  };
}

export const sampleStrip: Mark[] = [
  { dyno: "web.1", outcome: "new" },
  { dyno: "web.3", outcome: "found" },
  { dyno: "web.2", outcome: "lost" },
  { dyno: "", outcome: "failed" },
];
