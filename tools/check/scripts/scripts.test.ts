import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { expect, test } from "vitest";

const scripts = ["bin", "bin/setup.d", ".ci"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.mjs$/.test(entry.name))
    .map((entry) => `${folder}/${entry.name}`),
);

test.each(scripts)("%s is POSIX sh", (script) => {
  execFileSync("sh", ["-n", join(ROOT, script)]);
});

test.each(scripts.filter((script) => !script.startsWith("bin/setup.d/")))(
  "%s says what it is for",
  (script) => {
    const lines = readFileSync(join(ROOT, script), "utf8").split("\n");
    expect(lines.slice(0, 2).join("\n")).toMatch(/^# [A-Z].{20}/m);
  },
);

const found = spawnSync("shellcheck", ["--version"]).status === 0;
test.skipIf(!found)("shellcheck has nothing to say", () => {
  // Parts are sourced, and share the variables of the script that sources them.
  const shared = "--exclude=SC1091,SC2034,SC2154";
  const options = ["--shell=sh", "--severity=warning", shared];
  const { stdout } = spawnSync("shellcheck", [...options, ...scripts], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
});
