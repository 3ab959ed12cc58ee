import { execFile } from "node:child_process";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { brief, failureList, readPlaywright, readVitest, sum, totalLine } from "./report.ts";

const none = { passed: 0, skipped: 0, failures: [] };
let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "failures-")));
});
afterAll(() => rm(folder, { recursive: true }));

test("names vitest's failed tests and the files that could not be loaded, and no other", async () => {
  await writeFile(
    join(folder, "sum.test.js"),
    `describe("sums", () => {
       test("right", () => expect(1 + 1).toBe(2));
       test("wrong", () => expect(1 + 1).toBe(3));
     });`,
  );
  await writeFile(join(folder, "broken.test.js"), `throw new Error("no such luck");`);
  const report = join(folder, "report.json");
  const vitest = join(ROOT, "node_modules/.bin/vitest");
  const args = ["run", "--globals", "--root", folder, "--reporter=json", `--outputFile=${report}`];
  await new Promise<void>((resolve) => execFile(vitest, args, { cwd: folder }, () => resolve()));

  const { passed, failures } = readVitest(await readFile(report, "utf8"), folder);
  expect(passed).toBe(1);
  expect(failures.map(({ test }) => test).sort()).toEqual([
    "broken.test.js",
    "sum.test.js > sums wrong",
  ]);
  const says = Object.fromEntries(failures.map(({ test, says }) => [test, says]));
  expect(says["broken.test.js"]).toContain("no such luck");
  expect(says["sum.test.js > sums wrong"]).toContain("expected 2 to be 3");
});

test("names Playwright's failed and flaky tests, at any depth", () => {
  const spec = (title: string, status: string, message?: string) => ({
    ...{ file: "page.spec.ts", line: 7, title },
    tests: [{ status, results: [{ error: message ? { message } : undefined }] }],
  });
  const report = {
    suites: [
      {
        specs: [spec("green", "expected")],
        suites: [{ specs: [spec("red", "unexpected", "\u001b[31mtoo slow\u001b[39m")] }],
      },
      { specs: [spec("shaky", "flaky", "once")] },
    ],
    errors: [{ message: "no browser" }],
    stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 2 },
  };
  const { passed, skipped, failures } = readPlaywright(JSON.stringify(report));
  expect([passed, skipped]).toEqual([1, 2]);
  expect(failures).toEqual([
    { test: "Playwright", says: "no browser" },
    { test: "page.spec.ts:7 > red", says: "too slow" },
    { test: "page.spec.ts:7 > shaky", says: "once" },
  ]);
});

test("of an error the first lines are shown, of a command's output the last", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
  expect(brief(lines)).toMatch(/^line 0\n[\s\S]*line 11$/);
  expect(brief(lines, "last")).toMatch(/^line 28\n[\s\S]*line 39$/);
  expect(failureList({ ...none, failures: [{ test: "lint", says: "line 1\nline 2" }] })).toBe(
    "✗ lint\n    line 1\n    line 2",
  );
});

test("the last line is what CI reads", () => {
  const failures = [{ test: "a", says: "" }];
  expect(totalLine({ ...none, passed: 3 })).toBe("3 passed, 0 failed");
  expect(
    totalLine(
      sum([
        { passed: 1, skipped: 2, failures },
        { ...none, passed: 2 },
      ]),
    ),
  ).toBe("3 passed, 1 failed, 2 skipped");
});
