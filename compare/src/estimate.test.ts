import { expect, it } from "vitest";
import { createEstimate, roughly } from "./estimate.ts";

it("learns from what it has seen", () => {
  const estimate = createEstimate(["cost", "cost", "cost"], 1);
  const before = estimate.secondsLeft();
  estimate.done("cost", 100);
  expect(estimate.secondsLeft()).toBe(200);
  expect(estimate.secondsLeft()).not.toBe(before);
  expect([estimate.finished(), estimate.total]).toEqual([1, 3]);
});

it("forgets what will not happen", () => {
  const estimate = createEstimate(["up", "cost"], 1);
  estimate.skip("cost");
  estimate.skip("up");
  expect(estimate.secondsLeft()).toBe(0);
});

it.each([
  [0, "about 5 s"],
  [42, "about 40 s"],
  [170, "about 3 min"],
])("calls %i seconds %s", (seconds, words) => {
  expect(roughly(seconds)).toBe(words);
});
