import { expect, test } from "vitest";
import { binomialAtLeast, binomialAtMost, chiSquare, chiSquareTail } from "./statistics.ts";

test("chi-square is 0 where all counts are equal", () => {
  expect(chiSquare([10, 10, 10])).toBe(0);
  expect(chiSquare([20, 10])).toBeCloseTo(10 / 3);
});

// Values of the usual printed tables.
test.each([
  [3.841, 1, 0.05],
  [5.991, 2, 0.05],
  [13.816, 2, 0.001],
  [20.09, 8, 0.01],
])("a chi-square of %d with %d degrees of freedom has the probability %d", (value, degrees, p) => {
  expect(chiSquareTail(value, degrees)).toBeGreaterThan(p * 0.8);
  expect(chiSquareTail(value, degrees)).toBeLessThan(p * 1.2);
});

test("binomial tails are exact", () => {
  expect(binomialAtMost(0, 10, 0.5)).toBeCloseTo(1 / 1024, 12);
  expect(binomialAtMost(5, 10, 0.5)).toBeCloseTo(638 / 1024, 12);
  expect(binomialAtLeast(10, 10, 0.5)).toBeCloseTo(1 / 1024, 12);
  expect(binomialAtLeast(0, 10, 0.3)).toBeCloseTo(1, 12);
  expect(binomialAtMost(0, 10_000, 0.5)).toBe(0);
});
