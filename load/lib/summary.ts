import { factsOf, type Needed, type SummaryData } from "./facts.ts";
import type { Scenario, Summary, Verdict } from "./result.ts";
import { judge } from "./verdict.ts";

/** What was not measured is left out. */
export type Figures<Figure extends string> = Partial<Record<Figure, number>>;

/** What a script asks, and how its answer is put. */
export interface Question<Figure extends string> {
  scenario: Scenario;
  question: string;
  /** The names of what its journey measures besides. */
  figures: readonly Figure[];
  /** Figures that only k6's aggregates have, where several VUs measure. */
  measured?(data: SummaryData): Figures<Figure>;
  headline(figures: Figures<Figure>): string;
}

/** Figures travel from the VU to the summary as gauges of this name. */
export function gaugeOf(figure: string): string {
  return `figure_${figure}`;
}

/** The summary of a run, out of nothing but k6's aggregates. */
export function summarize<Figure extends string>(
  asked: Question<Figure>,
  data: SummaryData,
  run: Needed & { expected: Verdict; baseUrl: string },
): Summary {
  const facts = factsOf(data, run);
  const { verdict, reason } = judge(facts);
  const figures: Figures<Figure> = { ...asked.measured?.(data) };
  for (const figure of asked.figures) {
    const value = data.metrics[gaugeOf(figure)]?.values.value;
    if (value !== undefined) figures[figure] = value;
  }
  return {
    schema: 1,
    scenario: asked.scenario,
    question: asked.question,
    app: data.setup_data?.app ?? "",
    baseUrl: run.baseUrl,
    verdict,
    ...(reason ? { reason } : {}),
    expected: run.expected,
    asExpected: !facts.problem && facts.finished && verdict === run.expected,
    dynosSeen: facts.dynosAtOnce,
    affinity: (data.metrics.affinity_seen?.values.count ?? 0) > 0,
    requests: facts.answered.yes + facts.answered.no,
    failedRequests: facts.answered.no,
    figures: figures as Record<string, number>,
    headline: facts.finished ? asked.headline(figures) : "",
  };
}
