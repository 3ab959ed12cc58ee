import exec from "k6/execution";
import { Gauge } from "k6/metrics";
import type { Options } from "k6/options";
import { type Checked, checkApp } from "./check-app.ts";
import { EndOfJourney } from "./end-of-journey.ts";
import { affinity, conclude, factsSeen } from "./evidence.ts";
import type { Needed, SummaryData } from "./facts.ts";
import {
  aggregatesFile,
  baseUrl,
  expected,
  loopback,
  minDynos,
  number,
  summaryFile,
} from "./options.ts";
import { type Figures, gaugeOf, type Question, summarize } from "./question.ts";
import { told } from "./terminal.ts";
import { thresholds } from "./thresholds.ts";
import { judge } from "./verdict.ts";
import { leave, newVisitor, stick, type Visitor } from "./visitor.ts";

interface Asked<Figure extends string> extends Question<Figure> {
  /** It is about an event: failed requests are a figure then, and one dyno may be enough. */
  event?: true;
  /** How many visitors come unless `-e VISITORS` says. */
  visitors?: number;
  options?: Options;
}

/** The parts of a k6 script, made of one question. */
export function ask<Figure extends string>(asked: Asked<Figure>) {
  const visitors = number("VISITORS", asked.visitors ?? 10);
  const needed: Needed = {
    dynosNeeded: asked.event ? minDynos : Math.max(2, minDynos),
    answeredNeeded: asked.event ? 0 : 0.95,
  };
  const gauges = asked.figures.map((name) => ({ name, gauge: new Gauge(gaugeOf(name)) }));

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
      const figures = await journey(all).catch(figuresSoFar<Figure>);
      for (const { name, gauge } of gauges)
        if (figures[name] !== undefined) gauge.add(figures[name]);
      leave(all);
      const facts = { ...factsSeen(), ...needed };
      if (facts.dynosAtOnce > 1 && stick(all)) affinity();
      conclude(judge(facts).verdict !== "not tested", facts.dynosAtOnce);
    };
  }

  function handleSummary(data: SummaryData): Record<string, string> {
    const summary = summarize(asked, data, { ...needed, expected, baseUrl });
    const files: Record<string, string> = { stdout: told(summary) };
    if (summaryFile) files[summaryFile] = `${JSON.stringify(summary, null, 2)}\n`;
    if (aggregatesFile) files[aggregatesFile] = JSON.stringify(data);
    return files;
  }

  return { options, setup: checkApp, play, handleSummary };
}

function figuresSoFar<Figure extends string>(error: unknown): Figures<Figure> {
  if (error instanceof EndOfJourney) return error.figures as Figures<Figure>;
  throw error;
}
