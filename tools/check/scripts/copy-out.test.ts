import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { expect, test } from "vitest";

const copyOut = (...args: string[]) =>
  spawnSync(join(ROOT, "bin/copy-out"), args, { encoding: "utf8" });

// That a copy installs, builds, tests and starts alone is what bin/check-copy-out goes through.
test.each(["nope", "../apps", ""])("there is no app %j to copy out", (app) => {
  const { status, stderr } = copyOut(app, join(tmpdir(), "never-made"));
  expect(stderr).toContain(`[copy-out] There is no app \`${app}\``);
  expect(stderr).toContain("db-app");
  expect(status).toBe(2);
});

test("a folder with something in it is left alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "copy-out-"));
  writeFileSync(join(folder, "mine"), "");
  const { status, stderr } = copyOut("db-app", folder);
  rmSync(folder, { recursive: true });
  expect(stderr).toContain("is not empty");
  expect(status).toBe(2);
});
