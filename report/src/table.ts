import type { Verdict } from "@repo/load/verdict";
import { type Question, questionOf, questions } from "./questions.ts";
import type { AppResult, Results, ScenarioResult, WitnessedViolation } from "./results.ts";

/** The table that every renderer draws: scenarios down, apps across. */
export interface Table {
  columns: AppResult[];
  rows: Row[];
}

export interface Row {
  question: Question;
  /** One for each column; `null` if the scenario did not run there. */
  cells: (ScenarioResult | null)[];
}

export const marks: Record<Verdict, string> = { works: "✓", breaks: "✗", "not tested": "–" };

/** What a cell says. Without a verdict it says why, unless the reason is long: that one stands below the table. */
export function headlineOf({ verdict, headline, reason = "" }: ScenarioResult): string {
  if (verdict !== "not tested" || reason === "" || reason.length > 60) return headline;
  return `not tested: ${reason}`;
}

export function tableOf(results: Results): Table {
  const asked = new Set(results.apps.flatMap((app) => Object.keys(app.scenarios)));
  const known = questions.filter((question) => asked.delete(question.scenario));
  const rows = [...known, ...[...asked].map(questionOf)];
  return {
    columns: results.apps,
    rows: rows.map((question) => ({
      question,
      cells: results.apps.map((app) => app.scenarios[question.scenario] ?? null),
    })),
  };
}

export interface Finding {
  app: string;
  scenario: string;
  result: ScenarioResult;
}

/** Measurements that contradict the app's traits. */
export function contradictions(results: Results): Finding[] {
  return findings(
    results,
    (result) =>
      brokenPromises(result).length > 0 || (!result.asExpected && result.verdict !== "not tested"),
  );
}

/** The violations that the app's traits promise not to happen: one of each invariant. */
export function brokenPromises({ history }: ScenarioResult): WitnessedViolation[] {
  return (history?.invariants ?? []).flatMap(({ examples = [] }) =>
    examples.filter(({ promised }) => promised).slice(0, 1),
  );
}

/** Scenarios without a verdict, where no trait explains that. */
function unanswered(results: Results): Finding[] {
  return findings(
    results,
    (result) =>
      !result.asExpected && result.verdict === "not tested" && brokenPromises(result).length === 0,
  );
}

/** Scenarios without a verdict, one group per reason: an app that did not come up is one problem, not twelve. */
export function unansweredByReason(results: Results): Finding[][] {
  const groups = Map.groupBy(unanswered(results), ({ app, result }) => `${app} ${result.reason}`);
  return [...groups.values()];
}

function findings(results: Results, wanted: (result: ScenarioResult) => boolean): Finding[] {
  return results.apps.flatMap((app) =>
    Object.entries(app.scenarios)
      .filter(([, result]) => wanted(result))
      .map(([scenario, result]) => ({ app: app.name, scenario, result })),
  );
}

/**
 * The exit code of `bin/compare`. 0: every verdict is what the traits promise. 1: a measurement contradicts a trait.
 * 2: a scenario has no verdict, for a reason that no trait explains.
 */
export function exitCode(results: Results): 0 | 1 | 2 {
  if (contradictions(results).length > 0) return 1;
  if (unanswered(results).length > 0) return 2;
  const measured = results.apps.some((app) => Object.keys(app.scenarios).length > 0);
  const failed = results.apps.some((app) => app.error !== undefined);
  return measured && !failed ? 0 : 2;
}
