import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Definition, percent, type SummaryData, summarize, thousands } from "./summary.ts";
import { summarySchema } from "./summary-schema.ts";
import type { Verdict } from "./verdict.ts";

const continuity: Definition<"foundShare" | "sessionsLost"> = {
  name: "continuity",
  figures: ["foundShare", "sessionsLost"],
  headline: ({ sessionsLost }) => `${sessionsLost} lost`,
};

function summaryOf(name: string, expected: Verdict) {
  const file = new URL(`../fixtures/summaries/${name}.json`, import.meta.url);
  const data: SummaryData = JSON.parse(readFileSync(file, "utf8"));
  const needed = { dynosNeeded: 2, answeredNeeded: 0.95 };
  return summarize(continuity, data, { ...needed, expected, baseUrl: "http://app" });
}

test("a summary has the verdict, the figures and what they were made of", () => {
  expect(summaryOf("works", "works")).toEqual({
    schema: 1,
    scenario: "continuity",
    question: "Does a visitor's session follow from dyno to dyno?",
    app: "fixture",
    baseUrl: "http://app",
    verdict: "works",
    expected: "works",
    asExpected: true,
    dynosSeen: 3,
    affinity: false,
    requests: 80,
    failedRequests: 0,
    figures: { foundShare: 1, sessionsLost: 0 },
    headline: "0 lost",
  });
});

test("a measurement that contradicts a trait is not as expected, either way", () => {
  expect(summaryOf("works", "breaks").asExpected).toBe(false);
  expect(summaryOf("breaks", "works").asExpected).toBe(false);
  expect(summaryOf("breaks", "breaks").asExpected).toBe(true);
});

test("not tested is as expected where it was foreseen, with the figures still shown", () => {
  const summary = summaryOf("one-dyno", "not tested");
  expect(summary).toMatchObject({ verdict: "not tested", asExpected: true, dynosSeen: 1 });
  expect(summary.figures).toEqual({ foundShare: 1, sessionsLost: 0 });
});

test("an app that is down, or a run that was stopped, is never as expected", () => {
  expect(summaryOf("app-down", "not tested").asExpected).toBe(false);
  expect(summaryOf("interrupted", "not tested").asExpected).toBe(false);
});

test("affinity is reported", () => {
  expect(summaryOf("affinity", "works").affinity).toBe(true);
});

test("a summary has the shape that others read", () => {
  for (const name of ["works", "app-down"])
    expect(summarySchema.safeParse(summaryOf(name, "works")).error).toBe(undefined);
});

test("a share is never rounded to all or nothing", () => {
  expect([0, 0.001, 0.34, 0.999, 1].map(percent)).toEqual([
    "0 %",
    "<1 %",
    "34 %",
    ">99 %",
    "100 %",
  ]);
  expect(percent(undefined)).toBe("?");
});

test("bytes are grouped", () => {
  expect([999, 65536, 1234567].map(thousands)).toEqual(["999", "65,536", "1,234,567"]);
});
