import { expect, test } from "vitest";
import { fillPart } from "./marked-part.ts";

const text = "before\n<!-- table:start, made by bin/x -->\nold\n<!-- table:end -->\nafter\n";

test("replaces what is between the markers, and nothing else", () => {
  expect(fillPart(text, "table", "new\n")).toBe(text.replace("old", "new"));
});

test("changes nothing the second time", () => {
  const filled = fillPart(text, "table", "| $1 | $& |");
  expect(fillPart(filled, "table", "| $1 | $& |")).toBe(filled);
});

test("a text without the markers is left alone, with a message that shows them", () => {
  expect(() => fillPart("# Hello", "table", "new")).toThrow("<!-- table:start -->");
});
