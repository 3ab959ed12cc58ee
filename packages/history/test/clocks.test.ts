import { describe, expect, test } from "vitest";
import { checkHistory } from "../src/check.ts";
import { meet } from "../src/meet.ts";
import { sweep } from "../src/sweep.ts";
import { op } from "./operations.ts";

/** For each operation, by its tab: which ones it can rely on, and which of those every runner can. */
function known(operations: ReturnType<typeof op>[], clockErrorMs: number) {
  const own = new Map<string, string[]>();
  const seen: Record<string, string> = {};
  sweep(meet(operations, clockErrorMs).steps, clockErrorMs, {
    start({ op: { tab, runner } }) {
      const all = own.get("all") ?? [];
      seen[tab] = [...new Set([...all, ...(own.get(runner) ?? [])])].sort().join("");
    },
    learn({ op: { tab } }, runner) {
      const key = runner ?? "all";
      own.set(key, [...(own.get(key) ?? []), tab]);
    },
  });
  return seen;
}

describe("what an operation can rely on", () => {
  const operations = [
    op("read", 0, 10, { tab: "a", runner: "1" }),
    op("read", 10, 20, { tab: "b", runner: "1" }),
    op("read", 11, 20, { tab: "c", runner: "1" }),
    op("read", 11, 20, { tab: "d", runner: "2" }),
    op("read", 16, 20, { tab: "e", runner: "2" }),
    op("read", 5, 6, { tab: "f", runner: "2", status: 503 }),
  ];

  test("one clock: all that ended in an earlier millisecond", () => {
    expect(known(operations, 0)).toEqual({ a: "", b: "", c: "a", d: "a", e: "a", f: "" });
  });

  test("two clocks: between runners only what lies apart by more than the error", () => {
    expect(known(operations, 5)).toEqual({ a: "", b: "", c: "a", d: "", e: "a", f: "" });
  });
});

test("visitors of two runners may have the same number", () => {
  const { visitors, ok } = checkHistory([
    op("sign-in", 0, 10, { runner: "1", received: "s", user: "ada" }),
    op("sign-in", 0, 10, { runner: "2", received: "t", user: "bob" }),
    op("read", 20, 30, { runner: "2", brought: "t", received: "t", user: "bob" }),
  ]);
  expect({ visitors, ok }).toEqual({ visitors: 2, ok: true });
});
