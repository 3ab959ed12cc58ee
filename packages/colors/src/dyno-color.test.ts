import { expect, test } from "vitest";
import { dynoColor } from "./dyno-color.ts";

const names = Array.from({ length: 8 }, (_, index) => `web.${index + 1}`);

test("eight dynos have eight colours", () => {
  expect(new Set(names.map(dynoColor)).size).toBe(8);
});

test("a dyno keeps its colour, and a name without a number has one too", () => {
  expect(dynoColor("web.2")).toBe(dynoColor("web.2"));
  expect(dynoColor("web.9")).toBe(dynoColor("web.1"));
  for (const name of ["local", "web-6d4b75cc-x7k2p", "web.0", "", "web.999999999999"])
    expect(dynoColor(name)).toMatch(/^#[0-9a-f]{6}$/);
});

test("white text on each colour has a contrast of 4.5, and each stands out on a dark page with 3", () => {
  for (const name of names) {
    expect(contrast(dynoColor(name), "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(dynoColor(name), "#16181d")).toBeGreaterThanOrEqual(3);
  }
});

/** WCAG 2: (L1 + 0.05) / (L2 + 0.05). */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
