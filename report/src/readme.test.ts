import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sampleResults } from "../test/sample.ts";
import { readResults } from "./read.ts";
import { end, readmeFile, readmeWith, shownResults, start } from "./readme.ts";

it("replaces what is between the markers, and nothing else", () => {
  const readme = readmeWith(`before\n${start}\nan older table\n${end}\nafter\n`, sampleResults());
  expect(readme.startsWith(`before\n${start}\n`)).toBe(true);
  expect(readme.endsWith(`${end}\nafter\n`)).toBe(true);
  expect(readme).toContain("✓ 100 % found");
  expect(readme).not.toContain("an older table");
});

it("changes nothing the second time", () => {
  const once = readmeWith(`${start}\n${end}`, sampleResults());
  expect(readmeWith(once, sampleResults())).toBe(once);
});

it("says what is missing where there are no markers", () => {
  expect(() => readmeWith("# Sessions", sampleResults())).toThrow(start);
});

it("shows in the README what the shown results say", () => {
  const readme = readFileSync(readmeFile, "utf8");
  // After a new `report/shown/results.json`: pnpm report --readme
  expect(readmeWith(readme, readResults(shownResults))).toBe(readme);
});
