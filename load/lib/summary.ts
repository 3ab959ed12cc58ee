import { eventNames } from "./events/event-commands.ts";
import { describeFailure } from "./failure.ts";
import { isAsExpected, type Scenario, scenarios } from "./scenarios.ts";
import type { Summary } from "./summary-schema.ts";
import { type Facts, judge, type Tally, type Verdict } from "./verdict.ts";

/** What a scenario measured, by name. Figures that were not measured are absent. */
export type Figures<Figure extends string> = Partial<Record<Figure, number>>;

export interface Definition<Figure extends string> {
  name: Scenario;
  /** The names of what its journey returns. */
  figures: readonly Figure[];
  /** Figures that only k6's aggregates have because several VUs measure them. */
  fromAggregates?(data: SummaryData): Figures<Figure>;
  headline(figures: Figures<Figure>): string;
  /** Why it breaks, where the figures or the app itself say so. */
  why?(figures: Figures<Figure>, app: { cannotList?: string | undefined }): string | undefined;
}

/** The part of k6's argument to `handleSummary` that is read here. */
export interface SummaryData {
  metrics: Record<string, { values: Record<string, number> } | undefined>;
  setup_data?: { app?: string; problem?: string; cannotList?: string } | null;
}

/** How much evidence a verdict needs. */
export type EvidenceNeeded = Pick<Facts, "dynosNeeded" | "answeredNeeded">;

/** A figure travels from the VU to the summary as a gauge of this name. */
export function gaugeName(figure: string): string {
  return `figure_${figure}`;
}

/** The facts in k6's aggregates, which are the same for a live run and a recorded one. */
export function factsOf(
  { metrics, setup_data: checked }: SummaryData,
  { dynosNeeded, answeredNeeded }: EvidenceNeeded,
): Facts {
  const tally = (name: string): Tally => {
    const values = metrics[name]?.values;
    return { yes: values?.passes ?? 0, no: values?.fails ?? 0 };
  };
  return {
    dynosNeeded,
    answeredNeeded,
    problem: checked ? checked.problem : "the app was not reached",
    finished: (metrics.finished?.values.count ?? 0) > 0,
    eventFailed: eventNames[metrics.event_failed?.values.value ?? -1],
    failure: failureOf(metrics),
    unanswered: metrics.visitors_unanswered?.values.count ?? 0,
    dynosAtOnce: metrics.dynos_at_once?.values.max ?? 0,
    before: tally("held_before"),
    held: tally("held"),
    answered: tally("answered"),
  };
}

function failureOf(metrics: SummaryData["metrics"]): string | undefined {
  const code = metrics.failure?.values.value;
  return code === undefined
    ? undefined
    : describeFailure(code, metrics.failure_times?.values.count ?? 0);
}

/** Makes the summary of a run from k6's aggregates alone. */
export function summarize<Figure extends string>(
  scenario: Definition<Figure>,
  data: SummaryData,
  run: EvidenceNeeded & { expected: Verdict; baseUrl: string },
): Summary {
  const facts = factsOf(data, run);
  const judged = judge(facts);
  const { verdict } = judged;
  const figures: Figures<Figure> = { ...scenario.fromAggregates?.(data) };
  for (const figure of scenario.figures) {
    const value = data.metrics[gaugeName(figure)]?.values.value;
    if (value !== undefined) figures[figure] = value;
  }
  const reason =
    judged.reason ??
    (verdict === "breaks" ? scenario.why?.(figures, data.setup_data ?? {}) : undefined);
  return {
    schema: 1,
    scenario: scenario.name,
    question: scenarios[scenario.name].question,
    app: data.setup_data?.app ?? "",
    baseUrl: run.baseUrl,
    verdict,
    ...(reason ? { reason } : {}),
    expected: run.expected,
    asExpected:
      !facts.problem && facts.finished && isAsExpected(scenario.name, verdict, run.expected),
    dynosSeen: facts.dynosAtOnce,
    affinity: (data.metrics.affinity_seen?.values.count ?? 0) > 0,
    requests: facts.answered.yes + facts.answered.no,
    failedRequests: facts.answered.no,
    figures: figures as Record<string, number>,
    headline: facts.finished ? scenario.headline(figures) : "",
  };
}

const marks: Record<Verdict, string> = { works: "✓", breaks: "✗", "not tested": "–" };

/** The few lines that k6 prints at the end of a run. */
export function summaryText(summary: Summary): string {
  const { verdict, reason, expected, asExpected, dynosSeen, affinity } = summary;
  const app = summary.app ? ` ${summary.app},` : "";
  const dynos = `${dynosSeen} dyno${dynosSeen === 1 ? "" : "s"} at one time`;
  const lines = [
    `${marks[verdict]} ${verdict}${reason ? `: ${reason}` : ""}`,
    `  ${summary.question}`,
    ` ${app} ${dynos}, ${summary.requests} requests, ${summary.failedRequests} failed`,
  ];
  if (summary.headline) lines.push(`  ${summary.headline}`);
  if (affinity)
    lines.push("  Session affinity keeps each visitor on one dyno, which hides what is measured.");
  lines.push(asExpected ? "  as expected" : `  expected: ${expected}`);
  return `${lines.join("\n")}\n`;
}

/** "34 %"; never "100 %" or "0 %" for a share that is not quite that. */
export function percent(share: number | undefined): string {
  if (share === undefined) return "?";
  if (share > 0 && share < 0.005) return "<1 %";
  if (share < 1 && share > 0.995) return ">99 %";
  return `${Math.round(share * 100)} %`;
}

/** "1 fault", "1,204 operations" */
export function many(count: number | undefined, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** "65,536". k6 has no `Intl`. */
export function thousands(value: number | undefined): string {
  return value === undefined ? "?" : String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
