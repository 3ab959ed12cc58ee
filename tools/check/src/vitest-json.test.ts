import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { expect, onTestFinished, test } from "vitest";
import { readVitest } from "./report.ts";

test("a beforeAll that fails in a nested suite is a failure with its message", {
  timeout: 60_000,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), "vitest-json-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const hook = 'beforeAll(() => { throw new Error("Missing program `memcached`"); });';
  writeFileSync(
    join(folder, "a.test.js"),
    `test("b", () => {});\ndescribe("c", () => { ${hook} test("d", () => {}); });\n`,
  );
  const report = join(folder, "report.json");
  const reporter = join(import.meta.dirname, "vitest-json.ts");
  const args = ["run", "--globals", "--root", folder, "--reporter", reporter];
  expect(() =>
    execFileSync(join(ROOT, "node_modules/.bin/vitest"), [...args, `--outputFile.json=${report}`], {
      cwd: folder,
      stdio: "pipe",
    }),
  ).toThrow();
  expect(readVitest(readFileSync(report, "utf8"), folder).failures).toEqual([
    { test: "a.test.js", says: "Missing program `memcached`" },
  ]);
});
