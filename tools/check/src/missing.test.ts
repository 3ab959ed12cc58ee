import { describe, expect, test } from "vitest";
import { without } from "./missing.ts";
import type { Step } from "./steps.ts";

const missing = [
  { name: "memcached", command: "sudo apt-get install -y memcached" },
  { name: "redis", command: "brew install valkey" },
];
const says = (program: string) => ({
  test: "a",
  says: `[dynos] Missing program \`${program}\`, needed by`,
});
const other = { test: "b", says: "expected 1 to be 2" };
const step = (needs: string): Step => ({ name: "a", does: "", command: [], needs });

describe("on somebody's machine", () => {
  test("a test that failed for a missing server is skipped, with a count and a reason", () => {
    const lacking = without(() => missing, { ci: false });
    const failures = [says("memcached"), says("redis-server"), other];
    expect(lacking.sort({ passed: 7, skipped: 1, failures })).toEqual({
      passed: 7,
      skipped: 3,
      failures: [other],
    });
    expect(lacking.lines()).toEqual([
      "Missing: memcached, 1 skipped for it. To bring it: sudo apt-get install -y memcached",
      "Missing: redis, 1 skipped for it. To bring it: brew install valkey",
    ]);
  });

  test("a command that failed for nothing else has not failed", () => {
    const failures = [says("memcached"), says("memcached")];
    const sorted = without(() => missing, { ci: false }).sort({ passed: 7, skipped: 0, failures });
    expect(sorted).toEqual({ passed: 7, skipped: 2, failures: [] });
  });

  test("k6 is missed by other words", () => {
    const lacking = without(() => [{ name: "k6", command: "" }], { ci: false });
    const failures = [
      { test: "a", says: "Error: spawn k6 ENOENT" },
      { test: "b", says: "Error: No `k6` found: it takes version 2." },
    ];
    const report = { passed: 0, skipped: 0, failures };
    expect(lacking.sort(report)).toEqual({ passed: 0, skipped: 2, failures: [] });
  });

  test("a program that is there, or is not ours to bring, is still a failure", () => {
    const outcome = { passed: 0, skipped: 0, failures: [says("hadolint")] };
    expect(without(() => missing, { ci: false }).sort(outcome)).toEqual(outcome);
  });

  test("a step that needs it is skipped as a whole", () => {
    const lacking = without(() => [{ name: "chromium", command: "" }], { ci: false });
    expect(lacking.reason(step("chromium"))).toBe("chromium is missing");
    expect(lacking.reason(step("k6"))).toBeUndefined();
  });

  test("containers are asked only where Docker runs", () => {
    const reason = (runs: boolean) =>
      without(() => [], { ci: false, hasDocker: () => runs }).reason(step("docker"));
    expect([reason(true), reason(false)]).toEqual([undefined, "Docker does not run here"]);
  });
});

test("in CI everything has to be there", () => {
  const lacking = without(() => missing, { ci: true });
  const outcome = { passed: 7, skipped: 0, failures: [says("memcached")] };
  expect(lacking.sort(outcome)).toEqual(outcome);
  expect(lacking.reason(step("memcached"))).toBeUndefined();
});
