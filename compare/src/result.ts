import { questionOf } from "@repo/report/questions";
import type { ScenarioResult, Verdict } from "@repo/report/results";
import type { Summary } from "./k6.ts";

type Found = Omit<ScenarioResult, "seconds" | "raw" | "command" | "strip">;

/** What a scenario's own summary says, beside what the app's traits promise. */
export function found(summary: Summary, expected: Verdict | null): Found {
  const { question, verdict, reason, dynosSeen, affinity, requests, failedRequests } = summary;
  return {
    question,
    verdict,
    expected,
    asExpected: expected === null || verdict === expected,
    // A run that was stopped has no headline.
    headline: summary.headline || verdict,
    ...(reason ? { reason } : {}),
    dynosSeen,
    affinity,
    requests,
    failedRequests,
    figures: summary.figures,
  };
}

/** A question that got no answer. It is as expected only where the expectation says so. */
export function notTested(scenario: string, reason: string, expected: Verdict | null): Found {
  return {
    question: questionOf(scenario).question,
    verdict: "not tested",
    expected,
    asExpected: expected === "not tested",
    headline: "not tested",
    reason,
    dynosSeen: 0,
    affinity: false,
    requests: 0,
    failedRequests: 0,
    figures: {},
  };
}
