import { expect, it } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../test/sample.ts";
import { checkResults, readResults } from "./results.ts";

it("accepts results as they are written", () => {
  const results = sampleResults();
  expect(checkResults(JSON.parse(JSON.stringify(results)))).toEqual(results);
});

it("accepts a deployed app without declared traits", () => {
  const scenario = sampleScenario({ expected: null });
  const app = sampleApp({
    traits: null,
    url: "https://a.example",
    scenarios: { continuity: scenario },
  });
  expect(() => checkResults(sampleResults([app]))).not.toThrow();
});

it("names the field that is wrong", () => {
  const scenario = sampleScenario({ verdict: "perhaps" as "works" });
  const results = sampleResults([sampleApp({ scenarios: { continuity: scenario } })]);
  expect(() => checkResults(results)).toThrow("apps[0].scenarios.continuity.verdict");
});

it("refuses unknown fields", () => {
  expect(() => checkResults({ ...sampleResults(), mood: "good" })).toThrow(
    /Unrecognized key: "mood"/,
  );
});

it("says what to run where there are no results", () => {
  expect(() => readResults("/nowhere")).toThrow("Run `bin/compare` first");
});
