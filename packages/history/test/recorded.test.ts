import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkHistory } from "../src/check.ts";
import { readHistory } from "../src/read.ts";

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../load/fixtures/histories/${name}.jsonl`, import.meta.url));

// Failures of real apps, recorded before they were fixed. What else these histories break follows from the same failure.
test.each([
  ["a-sign-in-loses-writes", [1, 3], "seen", ["sign-in", "visit", "read"]],
  ["two-sign-ins-share-data", [5], "moves-once", ["visit", "sign-in", "sign-in", "read", "read"]],
  ["late-answer-signs-in-again", [4], "stays-ended", ["sign-in", "visit", "sign-out", "read"]],
  ["stalled-store-queue", [9], "in-time", ["visit", "visit"]],
])("%s is found", async (name, broken, rule, witnesses) => {
  const { invariants } = checkHistory(await readHistory([fixture(name)]));
  const breaking = invariants.filter(({ verdict }) => verdict === "breaks");
  expect(breaking.map(({ invariant }) => invariant)).toEqual(broken);
  const violation = breaking.flatMap(({ examples }) => examples).find((one) => one.rule === rule);
  expect(violation?.witnesses.map(({ op }) => op)).toEqual(witnesses);
});
