import { expect, it } from "vitest";
import { createProgress } from "./progress.ts";

const written = (isTTY: boolean) => {
  const texts: string[] = [];
  const output = { isTTY, columns: 20, write: (text: string) => texts.push(text) };
  const progress = createProgress(output, () => ["working hard on something"]);
  progress.line("one");
  progress.line("two");
  progress.close();
  return texts.join("");
};

it("is quiet but for finished things where nobody watches", () => {
  expect(written(false)).toBe("one\ntwo\n");
});

it("keeps a status under the finished things on a terminal, and takes it away at the end", () => {
  const erase = "\u001b[1A\u001b[J";
  expect(written(true)).toBe(
    `one\nworking hard on som\n${erase}two\nworking hard on som\n${erase}`,
  );
});
