import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readApps } from "@repo/registry";
import { exitCode } from "@repo/report/table";
import { terminalReport } from "@repo/report/terminal";
import { expect, onTestFinished, test, vi } from "vitest";
import { columnsOf, leftOut, missingFor } from "./columns.ts";
import { compare } from "./compare.ts";
import { main } from "./main.ts";
import { parseOptions } from "./options.ts";

const command = "sudo apt-get install -y memcached";
const missing = [{ name: "memcached", command }];

test("a missing server costs the columns of its add-on, and no other", () => {
  const columns = columnsOf(readApps());
  const lacking = columns.filter((column) => missingFor(column, missing)).map(({ name }) => name);
  expect(lacking).toEqual(["cache-app"]);
  expect(leftOut(columns, missing)).toEqual([
    `Left out: cache-app. memcached is missing. Install it: ${command}`,
  ]);
  expect(leftOut(columns, [{ name: "chromium", command: "" }])).toEqual([]);
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "compare-missing-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("what is left out is said first and last, with the command that installs it", async () => {
  const said: unknown[] = [];
  const write = (text: unknown) => void said.push(text);
  const spies = [vi.spyOn(console, "error"), vi.spyOn(console, "log")];
  for (const spy of spies) spy.mockImplementation(write);
  onTestFinished(() => void vi.restoreAllMocks());
  const args = ["--apps", "cache-app", "--scenarios", "continuity", "--out", temporaryFolder()];
  expect(await main(args, missing)).toBe(0);
  expect(said[0]).toBe(
    `[compare] Left out: cache-app. memcached is missing. Install it: ${command}`,
  );
  expect(said.at(-1)).toBe(`Left out: cache-app. memcached is missing. Install it: ${command}`);
});

test("a column that is left out is not built and not started, and its cells say why", async () => {
  const out = temporaryFolder();
  const args = ["--apps", "cache-app", "--scenarios", "continuity,sign-out"];
  const options = parseOptions(args, { apps: readApps(), scenarios: ["continuity", "sign-out"] });
  let progress = "";
  const output = { write: (text: string) => (progress += text) };
  const { signal } = new AbortController();
  const results = await compare({
    ...{ options, out, command: "bin/compare", output, before: null, missing, signal },
  });
  expect(progress).not.toContain("Building");
  const cell = results.apps[0]?.scenarios.continuity;
  expect(cell).toMatchObject({ verdict: "not tested", asExpected: true });
  expect(cell?.headline).toBe("not tested: memcached is missing");
  const report = terminalReport(results, { width: 120, color: false });
  expect(report).toContain("not tested: memcached");
  expect(report).toContain("Nothing was measured: memcached is missing.");
  expect(exitCode(results)).toBe(0);
});
