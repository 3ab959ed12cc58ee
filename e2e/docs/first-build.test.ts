import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./documents.ts";

/** bin/dynos in a checkout where setting up, building and `dynos` only say that they were called. */
function checkout() {
  const copy = mkdtempSync(join(tmpdir(), "docs-first-build-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const script of ["dynos", "with-tools"])
    cpSync(join(root, "bin", script), join(copy, "bin", script));
  const says = (path: string, text: string) => {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), `#!/bin/sh\necho "${text}"\n`);
    chmodSync(join(copy, path), 0o755);
  };
  says("bin/build", "build $APP");
  says("bin/setup", "setup $*");
  says("packages/dynos/bin/dynos", "dynos $*");
  for (const folder of [
    "machine",
    "node_modules",
    "apps/old/.next/standalone",
    "apps/new",
    "elsewhere",
  ])
    mkdirSync(join(copy, folder), { recursive: true });
  says("machine/node", "v20.1.0");
  return (command: string) =>
    execFileSync("sh", ["-c", `{ ${command}; } 2>&1`], { cwd: copy, encoding: "utf8" });
}

test("bin/dynos up builds an app of this repository that was never built, and nothing else", () => {
  const type = checkout();
  const up = "setup --quiet --partial\n";
  expect(type("bin/dynos up apps/new --web 3")).toBe(`${up}build new\ndynos up apps/new --web 3\n`);
  expect(type("bin/dynos up --web 3 ./apps/new/")).toContain("build new\n");
  expect(type("cd apps/new && ../../bin/dynos up .")).toBe(`${up}build new\ndynos up .\n`);
  expect(type("bin/dynos up apps/old")).toBe(`${up}dynos up apps/old\n`);
  expect(type("bin/dynos up elsewhere")).toBe(`${up}dynos up elsewhere\n`);
  expect(type("bin/dynos dev apps/new")).toBe("dynos dev apps/new\n");
});

test("where PATH leads to another Node than 24, bin/dynos sets up, and bin/with-tools says so", () => {
  const type = checkout();
  const elsewhere = "PATH=$PWD/machine:/usr/bin:/bin";
  expect(type(`${elsewhere} bin/dynos ps || true`)).toBe(
    "setup --partial\n[with-tools] Node 24 is not on this PATH. Run bin/setup: it gets one.\n",
  );
});
