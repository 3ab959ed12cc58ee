import { type Question, questionOf, questions } from "./questions.ts";
import type { AppResult, Results, ScenarioResult, Verdict } from "./results.ts";

/** The table that every renderer draws: questions down, apps across. */
export interface Table {
  columns: AppResult[];
  rows: Row[];
}

export interface Row {
  question: Question;
  /** One for each column; null where this app was not asked. */
  cells: (ScenarioResult | null)[];
}

export const marks: Record<Verdict, string> = { works: "✓", breaks: "✗", "not tested": "–" };

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

/** Measurements that say the opposite of what the app's traits promise. */
export function contradictions(results: Results): Finding[] {
  return findings(results, (result) => !result.asExpected && result.verdict !== "not tested");
}

/** Questions that were asked and found no answer, where no expectation foresees that. */
export function unanswered(results: Results): Finding[] {
  return findings(results, (result) => !result.asExpected && result.verdict === "not tested");
}

/** The same, with what has one reason in one group: an app that did not come up is one thing, not twelve. */
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
