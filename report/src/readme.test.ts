import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { publishedResults, readmeFile, readmeWith } from "./readme.ts";
import { readResults } from "./results.ts";

it("shows in the README what the published results say", () => {
  const readme = readFileSync(readmeFile, "utf8");
  // After a change of `report/published/results.json`: pnpm report --readme
  expect(readmeWith(readme, readResults(publishedResults))).toBe(readme);
});
