import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readApps } from "@repo/registry";
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

test("the dev container sets up with options that bin/setup knows, and forwards the ports of bin/dev", () => {
  const text = readFileSync(join(ROOT, ".devcontainer/devcontainer.json"), "utf8");
  const { postCreateCommand, forwardPorts } = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
  const [setup = "", ...options] = postCreateCommand.split(" ");
  const help = execFileSync(join(ROOT, setup), ["--help"], { encoding: "utf8" });
  for (const option of options) expect(help).toContain(`[${option}]`);
  const devPorts = readApps().map(
    ({ dir }) => JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).dynos?.devPort,
  );
  expect(devPorts).toEqual(expect.arrayContaining(forwardPorts));
});

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
