import { expect, it } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../test/sample.ts";
import { markdownReport } from "./markdown.ts";

it("puts questions down and apps across", () => {
  const text = markdownReport(sampleResults());
  expect(text).toContain("|  | db-app |\n| --- | --- |\n");
  expect(text).toContain("| Does a visitor's session follow from dyno to dyno? | ✓ 100 % found |");
});

it("says when and where it was measured", () => {
  expect(markdownReport(sampleResults())).toContain(
    "Measured on 2026-11-24 on 3 local dynos per app, 2 cores and 8 GB, in 61 s: k6 2.2.0, node 24.19.2, next 16.4.6.",
  );
});

it("does not let a headline break the table", () => {
  const scenario = sampleScenario({ headline: "a | b" });
  const text = markdownReport(sampleResults([sampleApp({ scenarios: { continuity: scenario } })]));
  expect(text).toContain("| ✓ a \\| b |");
});
