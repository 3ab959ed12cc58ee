import { expect, it } from "vitest";
import { sampleApp, sampleScenario } from "../test/sample.ts";
import type { ScenarioResult } from "./results.ts";
import { sentenceOf } from "./sentence.ts";

const sentence = (changes: Record<string, Partial<ScenarioResult>>, affinity = false) => {
  const scenarios = Object.entries(changes).map(([name, change]) => [name, sampleScenario(change)]);
  return sentenceOf(sampleApp({ affinity, scenarios: Object.fromEntries(scenarios) }));
};
const breaks = { verdict: "breaks" } as const;

it("says what sessions survive and what they do not", () => {
  expect(sentence({ continuity: {}, restart: {}, scale: {}, "store-restart": breaks })).toBe(
    "Sessions survive repeated visits, a dyno restart and scaling, but not a store restart.",
  );
  expect(sentence({ continuity: breaks, "sign-in": breaks })).toBe(
    "Sessions do not survive repeated visits or sign-in.",
  );
});

it("follows the measurement, not the app's name", () => {
  expect(sentence({ "sign-out": {} })).toBe("Sign-out is final.");
  expect(sentence({ "sign-out": breaks })).toBe("A copied cookie outlives sign-out.");
});

it("says how much fits", () => {
  expect(sentence({ size: { figures: { bytesKept: 65513 } } })).toBe(
    "A session holds 65,513 bytes.",
  );
});

it("says what it costs, if that was measured", () => {
  const figures = { readRatio: 1.42, writeRatio: 2.04 };
  expect(sentence({ cost: { figures } })).toBe(
    "A read takes 1.4 × and a write 2.0 × the time of a request without a session.",
  );
});

it("says that the router had affinity", () => {
  expect(sentence({ continuity: {}, restart: breaks }, true)).toBe(
    "With session affinity, sessions survive repeated visits, but not a dyno restart.",
  );
});

it("says why nothing was measured", () => {
  const untested = { verdict: "not tested", reason: "one dyno only" } as const;
  expect(sentence({ continuity: untested })).toBe("Nothing was measured: one dyno only.");
});

it("does not say that nothing was measured where a scenario without a clause was", () => {
  expect(sentence({ skew: {} })).toBe("The table has the verdicts.");
  expect(sentence({ skew: breaks })).toBe("A page from before a deploy stops working.");
});
