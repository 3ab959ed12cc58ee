import { expect, it } from "vitest";
import { wrap } from "./wrap.ts";

it("breaks between words, and indents what follows", () => {
  expect(wrap("one two three", 9, "  ")).toEqual(["one two", "  three"]);
});

it("breaks a word that is longer than a line", () => {
  expect(wrap("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
});
