import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyOfCheckout } from "./checkout-copy.ts";
import { commandsOf } from "./commands.ts";
import { filesOf, root, textOf } from "./documents.ts";

let copy: string;

/** `cp -R apps/file-app apps/my-app …` as CONTRIBUTING.md has it, and the names changed, in a copy of this checkout. */
beforeAll(() => {
  copy = copyOfCheckout();
  inCopy(commandsOf("CONTRIBUTING.md").find((command) => command.startsWith("cp -R ")) ?? "false");
  symlinkSync(join(root, "apps/file-app/node_modules"), join(copy, "apps/my-app/node_modules"));
  for (const file of ["package.json", "app.json"]) {
    const path = join(copy, "apps/my-app", file);
    const text = readFileSync(path, "utf8").replaceAll("file-app", "my-app");
    writeFileSync(path, text.replace("3004", "3005"));
  }
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true }));

/** What a command says, in the copy. */
function inCopy(command: string): string {
  const env = {
    ...process.env,
    INIT_CWD: copy,
    PATH: `${join(root, ".cache/bin")}:${process.env.PATH}`,
  };
  return execFileSync("sh", ["-euc", command], { cwd: copy, env, encoding: "utf8" });
}

test("a fifth app is found by everything that looks at the apps", () => {
  const apps = readdirSync(join(copy, "apps")).length;
  expect(inCopy("bin/twins")).toContain(`The ${apps} apps share`);
  expect(inCopy("bin/test --help")).toContain("buildpack:my-app");
  // Fails where there is no such app.
  expect(inCopy("bin/compare --apps my-app --help")).toContain("--apps");
  expect(() => inCopy("bin/compare --apps no-app --help")).toThrow("my-app:affinity");
  expect(inCopy("bin/copy-out --help")).toContain("my-app");
});

test("its own suite runs, as `pnpm --filter my-app test` does", () => {
  expect(inCopy("cd apps/my-app && node_modules/.bin/vitest run 2>&1")).toMatch(/Tests .*passed/);
});

test("its Deploy button and its branch are made", () => {
  const git = "git -c user.name=Ada -c user.email=ada@example.org";
  inCopy(`git init --quiet --initial-branch=main && git add . && ${git} commit --quiet -m five`);
  expect(inCopy("bin/deploy-branches")).toContain("deploy/my-app is now at");
  inCopy("bin/set-owner ada/fork");
  const readme = readFileSync(join(copy, "README.md"), "utf8");
  expect(readme).toContain("https://github.com/ada/fork/tree/deploy/my-app");
  expect(readme).not.toContain("OWNER");
});

test("`pnpm report --readme` makes the table that the README has", () => {
  const table = /<!-- report:start[\s\S]*<!-- report:end/;
  const path = join(copy, "README.md");
  writeFileSync(path, readFileSync(path, "utf8").replace("100 % found", "some found"));
  inCopy("mkdir results && cp -R report/published results/again && rm -r report/published/*");
  inCopy("node report/src/cli.ts --readme results/again");
  expect(table.exec(readFileSync(path, "utf8"))?.[0]).toEqual(table.exec(textOf("README.md"))?.[0]);
});

test("no program lists the apps: what it does for four it does for a fifth one", () => {
  const ours = ["cookie-app", "db-app", "cache-app", "file-app"];
  const programs = filesOf("*.ts", "*.tsx", "*.js", "*.json", "bin").filter(
    (path) => !/\.test\.ts$|^apps\/|^report\/(published|test)\//.test(path),
  );
  const lists = programs.filter((path) => ours.every((app) => textOf(path).includes(app)));
  expect(lists).toEqual([
    "app.json", // says in words which values `APP` may have
  ]);
});
