import { expect, it } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../test/sample.ts";
import { terminalReport, wrap } from "./terminal.ts";

const apps = [
  "cookie-app",
  "db-app",
  "cache-app",
  "cache-app:redis",
  "file-app",
  "file-app:affinity",
];
const wide = sampleResults(
  apps.map((name) =>
    sampleApp({
      name,
      scenarios: {
        continuity: sampleScenario(),
        "sign-out": sampleScenario({ verdict: "breaks", headline: "66 % of replays accepted" }),
      },
    }),
  ),
);

it.each([80, 100, 120])("fits into %i columns with all apps", (width) => {
  const lines = terminalReport(wide, { width, color: false }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
});

it("has no colour codes where none are wanted, and the same text where they are", () => {
  const plain = terminalReport(wide, { width: 120, color: false });
  const colored = terminalReport(wide, { width: 120, color: true });
  expect(plain).not.toContain("\u001b");
  const trim = (text: string) => text.replace(/ +$/gm, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  expect(trim(colored.replace(/\u001b\[[\d;]*m/g, ""))).toBe(plain);
});

it("leaves the cell of a question empty that an app was not asked", () => {
  const some = sampleResults([sampleApp(), sampleApp({ name: "x-app", scenarios: {} })]);
  expect(terminalReport(some, { width: 100, color: false })).toMatch(/100 % found$/m);
});

it("names a measurement that contradicts a trait", () => {
  const scenario = sampleScenario({ verdict: "breaks", asExpected: false, headline: "90 % found" });
  const results = sampleResults([sampleApp({ scenarios: { continuity: scenario } })]);
  const text = terminalReport(results, { width: 100, color: false });
  expect(text).toContain("✗! 90 % found");
  expect(text).toContain("! db-app continuity: breaks, but its traits say works.");
});

it("gives the reason of a question that found no answer", () => {
  const scenario = sampleScenario({
    verdict: "not tested",
    asExpected: false,
    reason: "k6 was killed",
  });
  const results = sampleResults([sampleApp({ scenarios: { continuity: scenario } })]);
  const text = terminalReport(results, { width: 100, color: false });
  expect(text).toContain("! db-app continuity: not tested. k6 was killed");
});

it("breaks between words, and indents what follows", () => {
  expect(wrap("one two three", 9, "  ")).toEqual(["one two", "  three"]);
});

it("breaks a word that is longer than a line", () => {
  expect(wrap("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
});
