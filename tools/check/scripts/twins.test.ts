import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { afterEach, beforeEach, expect, test } from "vitest";

let copy: string;

/** Two apps and the script, without anything that a build leaves. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "twins-"));
  cpSync(join(ROOT, "bin/twins"), join(copy, "bin/twins"));
  for (const app of ["cookie-app", "db-app"]) {
    const filter = (path: string) => !/\/(node_modules|\.next|\.turbo|\.sessions)$/.test(path);
    cpSync(join(ROOT, "apps", app), join(copy, "apps", app), { recursive: true, filter });
  }
});
afterEach(() => rmSync(copy, { recursive: true }));

const at = (path: string) => join(copy, "apps", path);

function twins(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(copy, "bin/twins"), args, { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test("the apps of this repository share their files", () => {
  expect(execFileSync(join(ROOT, "bin/twins"), { encoding: "utf8" })).toMatch(/all the same/);
});

test("a changed file fails with a diff", () => {
  appendFileSync(at("db-app/src/proxy.ts"), "// changed\n");
  const { status, output } = twins();
  expect(status).toBe(1);
  expect(output).toMatch(/^\+\/\/ changed$/m);
  expect(output).toContain("db-app/src/proxy.ts");
});

test("a file that only one app has fails, in whichever app it is", () => {
  for (const app of ["cookie-app", "db-app"]) {
    writeFileSync(at(`${app}/src/more.ts`), "export {};\n");
    expect(twins()).toMatchObject({ status: 1, output: expect.stringContaining("src/more.ts") });
    rmSync(at(`${app}/src/more.ts`));
  }
  expect(twins().status).toBe(0);
});

test("what tells the apps apart may differ, and what a build leaves does not count", () => {
  for (const path of ["src/session.ts", "src/release.ts", "package.json", "README.md"])
    appendFileSync(at(`db-app/${path}`), "\n");
  for (const path of [".env", "next-env.d.ts", "a.tsbuildinfo"])
    writeFileSync(at(`db-app/${path}`), "x");
  expect(twins()).toMatchObject({
    status: 0,
    output: expect.stringMatching(/^\[twins\] The 2 apps share/),
  });
});

test("--fix copies from one app to the others, and removes what it does not have", () => {
  appendFileSync(at("db-app/src/proxy.ts"), "// better\n");
  rmSync(at("db-app/src/app/error.tsx"));
  expect(twins("--fix", "db-app").status).toBe(0);
  expect(readFileSync(at("cookie-app/src/proxy.ts"), "utf8")).toMatch(/better/);
  expect(existsSync(at("cookie-app/src/app/error.tsx"))).toBe(false);
  expect(twins().status).toBe(0);
});

test("anything else is answered with the usage, or with the apps there are", () => {
  expect(twins("--help")).toMatchObject({
    status: 0,
    output: expect.stringContaining("--fix APP"),
  });
  expect(twins("--wrong").status).toBe(2);
  expect(twins("--fix", "no-app")).toMatchObject({
    status: 2,
    output: expect.stringContaining("db-app"),
  });
});
