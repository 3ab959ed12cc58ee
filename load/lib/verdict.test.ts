import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { factsOf, type SummaryData } from "./summary.ts";
import { judge } from "./verdict.ts";

const question = { dynosNeeded: 2, answeredNeeded: 0.95 };
const event = { dynosNeeded: 2, answeredNeeded: 0 };
const alone = { dynosNeeded: 1, answeredNeeded: 0 };

/** k6's aggregates of real runs; `pnpm --filter @repo/load record` makes them again. */
function recorded(name: string): SummaryData {
  const file = new URL(`../fixtures/summaries/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

test.each([
  ["works", question],
  ["affinity", question],
  ["restart-works", event],
])("%s: it works", (name, needed) => {
  expect(judge(factsOf(recorded(name), needed))).toEqual({ verdict: "works" });
});

test.each([
  ["breaks", question],
  ["restart-breaks", alone],
])("%s: it breaks", (name, needed) => {
  expect(judge(factsOf(recorded(name), needed))).toEqual({ verdict: "breaks" });
});

test.each([
  ["one-dyno", question, "one dyno only"],
  ["app-down", question, expect.stringContaining("does not answer")],
  ["answers-500", question, expect.stringContaining("answers 500")],
  ["fails-often", question, expect.stringMatching(/^\d+ of 80 requests were not answered$/)],
  ["interrupted", event, "the run ended before the question was answered"],
  ["restart-not-shared", event, "sessions are not shared between dynos"],
  ["restart-failed", event, "the event restart failed"],
  ["never-back", event, "10 visitors had no answer after the event"],
])("%s: it was not tested, and it says why", (name, needed, reason) => {
  expect(judge(factsOf(recorded(name), needed))).toEqual({ verdict: "not tested", reason });
});

test("a run whose setup failed has no facts at all", () => {
  const { verdict, reason } = judge(factsOf({ metrics: {}, setup_data: null }, question));
  expect({ verdict, reason }).toEqual({
    verdict: "not tested",
    reason: "the app was not reached",
  });
});

test("without a single observation nothing works", () => {
  const { metrics, setup_data } = recorded("works");
  const silent = { setup_data, metrics: { ...metrics, held: undefined } };
  expect(judge(factsOf(silent, question)).reason).toBe("no request could tell");
});

test("one loss among many is a loss", () => {
  const { metrics, setup_data } = recorded("works");
  const held = { values: { passes: 69, fails: 1 } };
  const judged = judge(factsOf({ setup_data, metrics: { ...metrics, held } }, question));
  expect(judged.verdict).toBe("breaks");
});
