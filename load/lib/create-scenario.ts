import exec from "k6/execution";
import { Gauge } from "k6/metrics";
import type { Options } from "k6/options";
import { EndOfJourney } from "./events/events.ts";
import { conclude, factsSeen, recordAffinity } from "./evidence.ts";
import { beginHistory, endHistory, watchForStalls } from "./history.ts";
import {
  aggregatesFile,
  baseUrl,
  expected,
  loopback,
  minDynos,
  numberOption,
  summaryFile,
} from "./options.ts";
import { scenarios } from "./scenarios.ts";
import {
  type Definition,
  type EvidenceNeeded,
  type Figures,
  gaugeName,
  type SummaryData,
  summarize,
  summaryText,
} from "./summary.ts";
import { judge, thresholds } from "./verdict.ts";
import { type Checked, checkApp } from "./visitors/check-app.ts";
import { useRoutes } from "./visitors/routes.ts";
import type { Visitor } from "./visitors/types.ts";
import { createVisitor, reportJourneys, stuckToOneDyno } from "./visitors/visitor.ts";

interface ScenarioDefinition<Figure extends string> extends Definition<Figure> {
  /** How many visitors come unless `-e VISITORS` says otherwise. */
  visitors?: number;
  options?: Options;
}

/** Makes the exports of a k6 script: `options`, `setup`, `handleSummary`, and `play` for the default export. */
export function createScenario<Figure extends string>(scenario: ScenarioDefinition<Figure>) {
  const visitors = numberOption("VISITORS", scenario.visitors ?? 10);
  // During an event failed requests are a figure, and one dyno may be enough.
  const { event, disturbs } = scenarios[scenario.name];
  const needed: EvidenceNeeded =
    event || disturbs
      ? { dynosNeeded: minDynos, answeredNeeded: 0 }
      : { dynosNeeded: Math.max(2, minDynos), answeredNeeded: 0.95 };
  const gauges = scenario.figures.map((name) => ({ name, gauge: new Gauge(gaugeName(name)) }));

  const options: Options = {
    scenarios: {
      visitors: { executor: "per-vu-iterations", vus: 1, iterations: 1, maxDuration: "30m" },
    },
    thresholds: thresholds(expected),
    insecureSkipTLSVerify: loopback,
    summaryTrendStats: ["avg", "med", "max", "p(95)", "p(99)", "count"],
    ...scenario.options,
  };

  /** What each VU does: all visitors make their journeys, which return the figures; then the VU concludes. */
  function play(journey: (visitors: Visitor[]) => Promise<Figures<Figure>>) {
    return async ({ problem, routes, routed, runner, sessionCookies }: Checked): Promise<void> => {
      if (problem) exec.test.abort(problem);
      useRoutes(routes);
      beginHistory(runner, sessionCookies);
      const all = Array.from({ length: visitors }, (_, index) => createVisitor(index + 1));
      const stopWatching = watchForStalls();
      const figures = await journey(all)
        .catch(figuresSoFar<Figure>)
        .finally(stopWatching);
      for (const { name, gauge } of gauges)
        if (figures[name] !== undefined) gauge.add(figures[name]);
      reportJourneys(all);
      endHistory();
      const facts = { ...factsSeen(routed), ...needed };
      if (facts.dynosAtOnce > 1 && stuckToOneDyno(all)) recordAffinity();
      conclude(judge(facts).verdict !== "not tested", facts.dynosAtOnce);
    };
  }

  function handleSummary(data: SummaryData): Record<string, string> {
    const summary = summarize(scenario, data, { ...needed, expected, baseUrl });
    const files: Record<string, string> = { stdout: summaryText(summary) };
    if (summaryFile) files[summaryFile] = `${JSON.stringify(summary, null, 2)}\n`;
    if (aggregatesFile) files[aggregatesFile] = JSON.stringify(data);
    return files;
  }

  return { options, setup: () => checkApp(scenario.name), play, handleSummary };
}

function figuresSoFar<Figure extends string>(error: unknown): Figures<Figure> {
  if (error instanceof EndOfJourney) return error.figures as Figures<Figure>;
  throw error;
}
