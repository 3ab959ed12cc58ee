import { expect, test } from "vitest";
import { ago, ahead } from "./times.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

test.each([
  [0, "just now"],
  [499, "just now"],
  [1_000, "1 second ago"],
  [59_000, "59 seconds ago"],
  [3 * minute, "3 minutes ago"],
  [90 * minute, "2 hours ago"],
  [14 * day, "14 days ago"],
  [-5_000, "just now"],
])("%i ms ago reads %s", (milliseconds, text) => {
  expect(ago(0, milliseconds)).toBe(text);
});

test("what is ahead reads the same way", () => {
  expect([ahead(14 * day, 0), ahead(1_000, 0), ahead(0, 1_000)]).toEqual([
    "in 14 days",
    "in 1 second",
    "now",
  ]);
});
