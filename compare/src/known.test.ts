import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { questions } from "@repo/report/questions";
import { expect, it } from "vitest";
import { knownScenarios } from "./known.ts";

it("finds the scripts in load/, in the order in which the report shows them", () => {
  expect(knownScenarios()).toEqual(questions.map(({ scenario }) => scenario));
});

it("asks in the words of the scripts", () => {
  for (const { scenario, question } of questions) {
    expect(readFileSync(join(ROOT, "load", `${scenario}.ts`), "utf8")).toContain(question);
  }
});
