import { expect, test } from "vitest";
import { deviceOf } from "./device.ts";

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Firefox on Windows",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    "Safari on iOS",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Chrome on macOS",
  ],
  ["", undefined],
  [undefined, undefined],
])("%s is %s", (userAgent, label) => {
  expect(deviceOf(userAgent)).toBe(label);
});

test("a header that is too long, or no user agent at all, makes a short label or none", () => {
  for (const text of ["x".repeat(100_000), "\u0000<script>", "curl/8.5.0", "((((((((("]) {
    expect((deviceOf(text) ?? "").length).toBeLessThan(60);
  }
});
