import { expect, test } from "vitest";
import { AFTERWARDS_MS, describePlan, planFaults } from "./fault-plan.ts";
import { createRandom } from "./random.ts";

const kinds = [["kill-1", "kill-2"], ["clock-1"], ["restart"], ["store-freeze"], []] as const;
const plan = (seed: number, seconds = 60) => planFaults(createRandom(seed), kinds, seconds);

test("a seed always gives the same plan, and another one another", () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test("faults come one after another, and leave time at the end for the app to recover", () => {
  for (let seed = 1; seed < 50; seed++) {
    let free = 1_000;
    for (const { atMs, event, lastsMs } of plan(seed)) {
      expect(atMs).toBeGreaterThanOrEqual(free);
      expect(lastsMs !== undefined).toBe(/^(store-freeze|clock-1)$/.test(event));
      free = atMs + (lastsMs ?? 2_000);
    }
    expect(free).toBeLessThanOrEqual(60_000 - AFTERWARDS_MS);
  }
});

test("no kind comes a second time before all have come once", () => {
  for (let seed = 1; seed < 50; seed++) {
    const first = plan(seed, 30).slice(0, 4);
    const came = first.map(({ event }) => event.replace(/^kill-\d$/, "kill"));
    expect(came.sort()).toEqual(["clock-1", "kill", "restart", "store-freeze"]);
  }
});

test("a short run has one fault, and an app without events none", () => {
  expect(plan(1, 5)).toHaveLength(1);
  expect(planFaults(createRandom(1), [[]], 60)).toEqual([]);
  expect(describePlan([])).toBe("no faults");
});

test("a plan reads as what happens when", () => {
  const text = describePlan([
    { atMs: 2_000, event: "kill-1" },
    { atMs: 7_500, event: "store-freeze", lastsMs: 1_200 },
  ]);
  expect(text).toBe("2.0 s kill-1, 7.5 s store-freeze for 1.2 s");
});
