import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { questions } from "../src/questions.ts";
import { knownApps, knownScenarios, root } from "./known.ts";

it("finds the apps by their folders", () => {
  const found = knownApps();
  expect(found.map(({ name }) => name)).toEqual(readdirSync(join(root, "apps")).sort());
  for (const { dir, variants } of found) {
    for (const variant of variants) expect(existsSync(join(dir, `app.${variant}.json`))).toBe(true);
  }
});

it("finds the scripts in load/, in the order in which the report shows them", () => {
  expect(knownScenarios()).toEqual(questions.map(({ scenario }) => scenario));
});

it("asks in the words of the scripts", () => {
  for (const { scenario, question } of questions) {
    expect(readFileSync(join(root, "load", `${scenario}.ts`), "utf8")).toContain(question);
  }
});
