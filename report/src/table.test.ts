import { expect, it } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../test/sample.ts";
import type { ScenarioResult } from "./results.ts";
import { exitCode, headlineOf } from "./table.ts";

const codeOf = (...changes: Partial<ScenarioResult>[]) => {
  const scenarios = changes.map((change, index) => [`scenario-${index}`, sampleScenario(change)]);
  return exitCode(sampleResults([sampleApp({ scenarios: Object.fromEntries(scenarios) })]));
};
const contradiction = { verdict: "breaks", expected: "works", asExpected: false } as const;
const unanswered = { verdict: "not tested", expected: "works", asExpected: false } as const;

it("is 0 when every verdict is as expected, also where things break", () => {
  expect(codeOf({}, { verdict: "breaks", expected: "breaks" })).toBe(0);
});

it("is 0 when something is not tested for a reason that the expectation foresees", () => {
  expect(codeOf({}, { verdict: "not tested", expected: "not tested" })).toBe(0);
});

it("is 1 when a measurement contradicts what is declared", () => {
  expect(codeOf({}, contradiction)).toBe(1);
});

it("is 2 when a question found no answer", () => {
  expect(codeOf({}, unanswered)).toBe(2);
});

it("is 1 when there are both, because a contradiction is known for sure", () => {
  expect(codeOf(unanswered, contradiction)).toBe(1);
});

it("is 2 when nothing was measured at all", () => {
  expect(codeOf()).toBe(2);
});

it("is 2 when an app did not come up, however little was expected of it", () => {
  const app = sampleApp({ error: "boot timeout" });
  expect(exitCode(sampleResults([app]))).toBe(2);
});

it("says in the cell why there is no verdict, unless that is long", () => {
  const result = sampleScenario({ ...unanswered, headline: "not tested", reason: "no store" });
  expect(headlineOf(result)).toBe("not tested: no store");
  expect(headlineOf({ ...result, reason: "x".repeat(61) })).toBe("not tested");
  expect(headlineOf(sampleScenario({ headline: "100 % found", reason: "no store" }))).toBe(
    "100 % found",
  );
});
