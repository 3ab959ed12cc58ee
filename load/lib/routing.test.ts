import { expect, test } from "vitest";
import {
  binomialAtLeast,
  binomialAtMost,
  chiSquare,
  chiSquareTail,
  requestsNeeded,
  routingOf,
} from "./routing.ts";

/** The same numbers on every run: mulberry32. */
function dice(seed: number) {
  return (sides: number) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

const visitors = 20;

/** As spread.ts does it: each request is of a visitor drawn by lot. */
function routed(requests: number, dynoOf: (visitor: number, turn: number) => number) {
  const roll = dice(-requests);
  return Array.from({ length: requests }, (_, turn) => {
    const visitor = roll(visitors);
    return { visitor, dyno: `web.${dynoOf(visitor, turn) + 1}` };
  });
}

const many = Array.from({ length: 3000 }, (_, seed) => seed);

test.each([2, 3, 4, 8])("a random router over %d dynos is never accused", (dynos) => {
  const accused = many.filter((seed) => {
    const roll = dice(seed);
    const answer = routingOf(routed(requestsNeeded(dynos), () => roll(dynos)));
    return answer.routing !== "random";
  });
  expect(accused).toEqual([]);
});

test.each([2, 3, 4, 8, 16])("round robin over %d dynos is always caught", (dynos) => {
  const answer = routingOf(routed(requestsNeeded(dynos), (_, turn) => turn % dynos));
  expect(answer.routing).toBe("round robin");
});

test.each([2, 3, 4, 8])("a router that is sticky over %d dynos is always caught", (dynos) => {
  const caught = many.slice(0, 200).map((seed) => {
    const roll = dice(seed);
    const home = Array.from({ length: visitors }, () => roll(dynos));
    return routingOf(routed(requestsNeeded(dynos), (visitor) => home[visitor] ?? 0)).routing;
  });
  expect(new Set(caught)).toEqual(new Set(["sticky"]));
});

test("a router that favors one dyno is uneven, not sticky", () => {
  const roll = dice(1);
  const answer = routingOf(routed(400, () => (roll(10) < 7 ? 0 : roll(3))));
  expect(answer.routing).toBe("uneven");
});

test("one dyno alone is called so", () => {
  expect(routingOf(routed(160, () => 0)).routing).toBe("one dyno");
});

test("requests are counted per dyno, in the order of names", () => {
  expect(routingOf(routed(4, (_, turn) => (turn === 0 ? 1 : 0))).counts).toEqual([3, 1]);
});

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
