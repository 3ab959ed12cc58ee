import exec from "k6/execution";
import type { Options } from "k6/options";
import { type Checked, checkApp } from "./check-app.ts";
import { EndOfJourney } from "./end-of-journey.ts";
import { conclude, factsSeen } from "./evidence.ts";
import { factsOf, type SummaryData } from "./facts.ts";
import { type Figures, figureMetrics } from "./figures.ts";
import { baseUrl, expected, loopback, minDynos, number, summaryFile } from "./options.ts";
import type { Scenario, Summary } from "./result.ts";
import { told } from "./terminal.ts";
import { thresholds } from "./thresholds.ts";
import { judge } from "./verdict.ts";
import { leave, newVisitor, type Visitor } from "./visitor.ts";

export interface Question<Figure extends string> {
  scenario: Scenario;
  question: string;
  /** The names of what `play` measures besides. */
  figures: readonly Figure[];
  /** Figures that only k6's aggregates have, where several VUs measure. */
  measured?(data: SummaryData): Figures<Figure>;
  headline(figures: Figures<Figure>): string;
  /** It is about an event: failed requests are a figure then, and one dyno may be enough. */
  event?: true;
  /** How many visitors come unless `-e VISITORS` says. */
  visitors?: number;
  options?: Options;
}

function figuresSoFar<Figure extends string>(error: unknown): Figures<Figure> {
  if (error instanceof EndOfJourney) return error.figures as Figures<Figure>;
  throw error;
}

/** A k6 script's four exports, made of one question. */
export function ask<Figure extends string>(asked: Question<Figure>) {
  const visitors = number("VISITORS", asked.visitors ?? 10);
  const needed = {
    dynosNeeded: asked.event ? minDynos : Math.max(2, minDynos),
    answeredNeeded: asked.event ? 0 : 0.95,
  };
  const figures = figureMetrics(asked.figures);

  const options: Options = {
    scenarios: {
      visitors: { executor: "per-vu-iterations", vus: 1, iterations: 1, maxDuration: "30m" },
    },
    thresholds: thresholds(expected),
    insecureSkipTLSVerify: loopback,
    summaryTrendStats: ["avg", "med", "max", "p(95)", "p(99)", "count"],
    ...asked.options,
  };

  /** What each VU does: all visitors come, `journey` answers the figures, and the facts are concluded. */
  function play(journey: (visitors: Visitor[]) => Promise<Figures<Figure>>) {
    return async ({ problem }: Checked): Promise<void> => {
      if (problem) exec.test.abort(problem);
      const all = Array.from({ length: visitors }, (_, index) => newVisitor(index + 1));
      figures.set(await journey(all).catch(figuresSoFar<Figure>));
      leave(all);
      const facts = { ...factsSeen(), ...needed };
      conclude(judge(facts).verdict !== "not tested", facts.dynosAtOnce);
    };
  }

  function handleSummary(data: SummaryData): Record<string, string> {
    const facts = factsOf(data, needed);
    const { verdict, reason } = judge(facts);
    const measured = { ...figures.read(data), ...asked.measured?.(data) };
    const summary: Summary = {
      schema: 1,
      scenario: asked.scenario,
      question: asked.question,
      app: data.setup_data?.app ?? "",
      baseUrl,
      verdict,
      ...(reason ? { reason } : {}),
      expected,
      asExpected: !facts.problem && facts.finished && verdict === expected,
      dynosSeen: facts.dynosAtOnce,
      affinity: (data.metrics.affinity_seen?.values.count ?? 0) > 0,
      requests: facts.answered.yes + facts.answered.no,
      failedRequests: facts.answered.no,
      figures: measured as Record<string, number>,
      headline: facts.finished ? asked.headline(measured) : "",
    };
    const file = summaryFile ? { [summaryFile]: `${JSON.stringify(summary, null, 2)}\n` } : {};
    return { stdout: told(summary), ...file };
  }

  return { options, setup: checkApp, play, handleSummary };
}
