import { expect, it } from "vitest";
import { createEstimate, createProgress, roughly } from "./progress.ts";

const written = (isTTY: boolean) => {
  const texts: string[] = [];
  const output = { isTTY, columns: 20, write: (text: string) => texts.push(text) };
  const progress = createProgress(output, () => ["working hard on something"]);
  progress.line("one");
  progress.line("two");
  progress.close();
  return texts.join("");
};

it("writes only the lines that stay if there is no terminal", () => {
  expect(written(false)).toBe("one\ntwo\n");
});

it("keeps a status under the finished things on a terminal, and takes it away at the end", () => {
  const erase = "\u001b[1A\u001b[J";
  expect(written(true)).toBe(
    `one\nworking hard on som\n${erase}two\nworking hard on som\n${erase}`,
  );
});

it("learns from what it has seen", () => {
  const estimate = createEstimate(["cost", "cost", "cost"], 1);
  const before = estimate.secondsLeft();
  estimate.done("cost", 100);
  expect(estimate.secondsLeft()).toBe(200);
  expect(estimate.secondsLeft()).not.toBe(before);
  expect([estimate.finished(), estimate.total]).toEqual([1, 3]);
});

it("forgets what will not happen", () => {
  const estimate = createEstimate(["up", "cost"], 1);
  estimate.skip("cost");
  estimate.skip("up");
  expect(estimate.secondsLeft()).toBe(0);
});

it.each([
  [0, "about 5 s"],
  [42, "about 40 s"],
  [170, "about 3 min"],
])("calls %i seconds %s", (seconds, words) => {
  expect(roughly(seconds)).toBe(words);
});
