import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyOfCheckout } from "./checkout-copy.ts";

test("in a new repository CI points the buttons at it by one commit, once, and the deploy branches follow", () => {
  const copy = copyOfCheckout();
  onTestFinished(() => rmSync(copy, { recursive: true }));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], {
      cwd: copy,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  const remote = join(copy, ".cache-remote.git");
  git("init", "--quiet", "--initial-branch=main");
  git("init", "--quiet", "--bare", remote);
  git("remote", "add", "origin", remote);
  git("add", "--all", ":!.cache-remote.git", ":!.cache");
  git("commit", "--quiet", "--message=first");
  git("push", "--quiet", "origin", "main");
  const publish = (name: string) =>
    execFileSync(join(copy, ".ci/publish"), {
      cwd: copy,
      stdio: "pipe",
      env: { ...process.env, GITHUB_REPOSITORY: name },
    });
  const at = (ref: string) => git("--git-dir", remote, "rev-parse", ref);
  const first = at("main");

  publish("ada/fork");
  const second = at("main");
  expect(at("main^")).toBe(first);
  const changed = git("--git-dir", remote, "diff", "--name-only", first, second).split("\n");
  expect(changed).toEqual(expect.arrayContaining(["README.md", "package.json"]));
  expect(git("--git-dir", remote, "show", "main:README.md")).toContain(
    "https://github.com/ada/fork/tree/deploy/db-app",
  );
  expect(at("deploy/db-app^")).toBe(second);
  const template = "deploy/db-app:.do/deploy.template.yaml";
  expect(git("--git-dir", remote, "show", template)).toContain("github.com/ada/fork.git");

  publish("ada/fork");
  expect(at("main")).toBe(second);
});
