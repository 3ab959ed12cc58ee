import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusals, refuse } from "./refusals.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("refused cookies are counted by reason, and logged as one line a minute however many come", () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => {});
  const before = refusals();
  for (let count = 0; count < 100; count += 1) refuse("db", "unknown");
  refuse("db", "expired");
  expect(refusals().unknown).toBe((before.unknown ?? 0) + 100);
  expect(log).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  vi.advanceTimersByTime(60_000);
  expect(log).toHaveBeenCalledOnce();
  expect(log).toHaveBeenCalledWith(expect.stringMatching(/db: .*unknown 100, expired 1$/));
});
