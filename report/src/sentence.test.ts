import { expect, it } from "vitest";
import { sampleApp, sampleScenario } from "../test/sample.ts";
import type { ScenarioResult } from "./results.ts";
import { sentenceOf } from "./sentence.ts";

const sentence = (changes: Record<string, Partial<ScenarioResult>>, affinity = false) => {
  const scenarios = Object.entries(changes).map(([name, change]) => [name, sampleScenario(change)]);
  return sentenceOf(sampleApp({ affinity, scenarios: Object.fromEntries(scenarios) }));
};
const breaks = { verdict: "breaks" } as const;

it("says where sessions hold and where they get lost", () => {
  expect(sentence({ continuity: {}, restart: {}, scale: {}, "store-restart": breaks })).toBe(
    "Sessions hold from dyno to dyno, through a restart of the dynos and scaling; they get lost through a restart of the store.",
  );
});

it("follows the measurement, not the app's name", () => {
  const good = sentence({ "sign-out": {} });
  expect(good).toBe("A sign-out is final.");
  expect(sentence({ "sign-out": breaks })).not.toBe(good);
});

it("says how much fits", () => {
  expect(sentence({ size: { figures: { bytesKept: 65513 } } })).toBe(
    "A session holds 65,513 bytes.",
  );
});

it("names the price where it was measured", () => {
  const figures = { readRatio: 1.42, writeRatio: 2.04 };
  expect(sentence({ cost: { figures } })).toBe(
    "Reading costs 1.4 × a plain request, writing 2.0 ×.",
  );
});

it("says that affinity was on", () => {
  expect(sentence({ continuity: {}, restart: breaks }, true)).toBe(
    "With each visitor stuck to a dyno sessions hold from dyno to dyno; they get lost through a restart of the dynos.",
  );
});

it("says why nothing was found out", () => {
  const untested = { verdict: "not tested", reason: "one dyno only" } as const;
  expect(sentence({ continuity: untested })).toBe("Nothing was found out: one dyno only.");
});
