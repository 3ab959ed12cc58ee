import { afterEach, expect, test, vi } from "vitest";
import { log } from "./log.ts";

afterEach(() => vi.restoreAllMocks());

test("a message is one line of bounded length, whatever a client put into it", () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  log("warn", "X\r\nFORGED \u001b[31mred\u0085next\u2028line\u202eright to left\0end ünïcødé ✓");
  expect(said).toHaveBeenLastCalledWith("X FORGED  [31mred next line right to left end ünïcødé ✓");
  log("warn", "x".repeat(100_000));
  expect(said.mock.lastCall?.[0]).toHaveLength(1_000);
});
