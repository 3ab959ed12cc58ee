import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isOpenToAll } from "./postgres-binaries.ts";

test("a program below a closed folder is not open to all", () => {
  const folder = mkdtempSync(join(tmpdir(), "addons-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "bin"));
  const program = join(folder, "bin/postgres");
  writeFileSync(program, "", { mode: 0o755 });
  chmodSync(folder, 0o755);
  expect(isOpenToAll(program)).toBe(true);
  chmodSync(folder, 0o700);
  expect(isOpenToAll(program)).toBe(false);
});
