import { expect, test } from "vitest";
import { percent, thousands } from "./format.ts";

test("a share is never rounded to all or nothing", () => {
  expect([0, 0.001, 0.34, 0.999, 1].map(percent)).toEqual([
    "0 %",
    "<1 %",
    "34 %",
    ">99 %",
    "100 %",
  ]);
  expect(percent(undefined)).toBe("?");
});

test("bytes are grouped", () => {
  expect([999, 65536, 1234567].map(thousands)).toEqual(["999", "65,536", "1,234,567"]);
});
