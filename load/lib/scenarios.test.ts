import { readdirSync } from "node:fs";
import type { Traits } from "@repo/registry/traits";
import { expect, test } from "vitest";
import { readme, spec } from "../fixtures/readme.ts";
import { expectedVerdict, isAsExpected, scenarioNames } from "./scenarios.ts";

const shared: Traits = {
  sharedByDynos: true,
  survivesDynoRestart: true,
  survivesStoreRestart: true,
  revocable: true,
  keepsParallelWrites: true,
  listsSessions: true,
  maxBytes: 65_536,
};
const apart: Traits = {
  ...shared,
  sharedByDynos: false,
  survivesDynoRestart: false,
  survivesStoreRestart: null,
  revocable: false,
  keepsParallelWrites: false,
  listsSessions: false,
};
const three = { affinity: false, dynos: 3 };
const stuck = { affinity: true, dynos: 3 };

test("every scenario has a script", () => {
  const scripts = readdirSync(new URL("..", import.meta.url)).map((name) => name.split(".ts")[0]);
  expect(scripts).toEqual(expect.arrayContaining(scenarioNames));
});

test("an app that has all traits works everywhere", () => {
  for (const scenario of scenarioNames)
    expect(expectedVerdict(scenario, shared, three)).toBe("works");
});

test.each([
  ["survivesDynoRestart", ["restart", "scale", "deploy", "faults"]],
  ["survivesStoreRestart", ["store-restart", "full-store", "faults"]],
  ["revocable", ["sign-out", "faults"]],
  ["keepsParallelWrites", ["parallel", "faults"]],
  ["listsSessions", ["end-others"]],
] as const)("without %s just what needs it breaks", (trait, broken) => {
  const traits = { ...shared, [trait]: false };
  const breaks = scenarioNames.filter(
    (scenario) => expectedVerdict(scenario, traits, three) === "breaks",
  );
  expect(breaks).toEqual(broken);
});

test("what is not shared breaks, and events cannot be asked about", () => {
  const verdicts = (verdict: string) =>
    scenarioNames.filter((scenario) => expectedVerdict(scenario, apart, three) === verdict);
  expect(verdicts("breaks")).toEqual([
    "continuity",
    "sign-in",
    "sign-out",
    "end-others",
    "parallel",
    "faults",
  ]);
  expect(verdicts("not tested")).toEqual([
    "restart",
    "scale",
    "deploy",
    "store-restart",
    "slow-store",
    "full-store",
  ]);
});

test("affinity hides the loss until the first restart", () => {
  const asked = ["spread", "continuity", "restart", "scale"] as const;
  const verdicts = asked.map((scenario) => expectedVerdict(scenario, apart, stuck));
  expect(verdicts).toEqual(["breaks", "works", "breaks", "breaks"]);
});

test("affinity mends nothing that does not come from the dynos", () => {
  expect(expectedVerdict("sign-out", { ...shared, revocable: false }, stuck)).toBe("breaks");
  expect(expectedVerdict("end-others", { ...shared, listsSessions: false }, stuck)).toBe("breaks");
});

test("one dyno proves nothing, but for scale, which brings its own", () => {
  const alone = { affinity: false, dynos: 1 };
  const tested = scenarioNames.filter(
    (scenario) => expectedVerdict(scenario, shared, alone) !== "not tested",
  );
  expect(tested).toEqual(["scale"]);
  expect(expectedVerdict("scale", apart, alone)).toBe("breaks");
});

test("the README has the questions and the expected verdicts that the code has", () => {
  const { current, filled } = readme();
  expect(current).toBe(filled);
});

test("SPEC.md says what each scenario needs", () => {
  const { current, filled } = spec();
  expect(current).toBe(filled);
});

test("an app that may break under faults can be lucky, and one that must not break cannot", () => {
  expect(isAsExpected("faults", "works", "breaks")).toBe(true);
  expect(isAsExpected("faults", "breaks", "works")).toBe(false);
  expect(isAsExpected("faults", "not tested", "breaks")).toBe(false);
  expect(isAsExpected("parallel", "works", "breaks")).toBe(false);
});
