import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isOpenToAll } from "./postgres-binaries.ts";
import { makeFolder } from "./test-app.ts";

test("a program below a closed folder is not open to all", () => {
  const folder = makeFolder({});
  mkdirSync(join(folder, "bin"));
  const program = join(folder, "bin/postgres");
  writeFileSync(program, "", { mode: 0o755 });
  chmodSync(folder, 0o755);
  expect(isOpenToAll(program)).toBe(true);
  chmodSync(folder, 0o700);
  expect(isOpenToAll(program)).toBe(false);
});
