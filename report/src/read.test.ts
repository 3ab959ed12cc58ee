import { expect, it } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../test/sample.ts";
import { checkResults, readResults } from "./read.ts";

it("accepts results as they are written", () => {
  const results = sampleResults();
  expect(checkResults(JSON.parse(JSON.stringify(results)))).toEqual(results);
});

it("accepts a deployed app of which nobody declared any traits", () => {
  const scenario = sampleScenario({ expected: null });
  const app = sampleApp({
    traits: null,
    url: "https://a.example",
    scenarios: { continuity: scenario },
  });
  expect(() => checkResults(sampleResults([app]))).not.toThrow();
});

it("says where results are not what the schema describes", () => {
  const scenario = sampleScenario({ verdict: "perhaps" as "works" });
  const results = sampleResults([sampleApp({ scenarios: { continuity: scenario } })]);
  expect(() => checkResults(results)).toThrow("/apps/0/scenarios/continuity/verdict");
});

it("refuses fields that nobody described", () => {
  expect(() => checkResults({ ...sampleResults(), mood: "good" })).toThrow("additional properties");
});

it("says what to run where there are no results", () => {
  expect(() => readResults("/nowhere")).toThrow("Run `bin/compare` first");
});
