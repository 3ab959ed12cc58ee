import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "@repo/registry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const exec = promisify(execFile);
const branches = ["deploy/cache-app", "deploy/cache-app-redis", "deploy/db-app"];
let folder: string;
let root: string;

const git = async (...args: string[]) =>
  (
    await exec(
      "git",
      [
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.org",
        "-c",
        "core.hooksPath=/nowhere",
        ...args,
      ],
      {
        cwd: root,
      },
    )
  ).stdout.trim();

const deployBranches = (...args: string[]) =>
  exec(join(root, "bin/deploy-branches"), args, { cwd: root }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

/** A throw-away repository with two apps, one of which has two manifests. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deploy-branches-"));
  root = join(folder, "repository");
  await mkdir(join(root, "bin"), { recursive: true });
  await cp(join(ROOT, "bin/deploy-branches"), join(root, "bin/deploy-branches"));
  for (const file of [
    "app.json",
    "apps/db-app/app.json",
    "apps/cache-app/app.json",
    "apps/cache-app/app.redis.json",
    "apps/db-app/package.json",
  ]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), `{ "from": "${file}" }\n`);
  }
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "--message=one");
});
afterEach(() => rm(folder, { recursive: true }));

const refs = () =>
  git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads/deploy/");

describe("bin/deploy-branches", () => {
  test("makes a branch per manifest, which differs from main in the root app.json alone", async () => {
    await deployBranches();
    expect((await refs()).split("\n").map((line) => line.split(" ")[0])).toEqual(branches);
    for (const branch of branches) {
      expect(await git("diff", "--name-only", "main", branch)).toBe("app.json");
      expect(await git("log", "--format=%s", `main..${branch}`)).not.toContain("\n");
    }
    expect(await git("show", "deploy/cache-app-redis:app.json")).toContain("app.redis.json");
    expect(await git("show", "deploy/db-app:app.json")).toContain("apps/db-app/app.json");
  });

  test("run again it changes nothing, and after a commit it follows", async () => {
    await deployBranches();
    const before = await refs();
    expect((await deployBranches()).stdout).toContain("deploy/db-app is up to date");
    expect(await refs()).toBe(before);

    await git("commit", "--quiet", "--allow-empty", "--message=two");
    await deployBranches();
    expect(await git("rev-parse", "deploy/db-app^")).toBe(await git("rev-parse", "main"));
  });

  test("leaves the work tree, the index and the branch as they are", async () => {
    await writeFile(join(root, "app.json"), "being edited");
    await writeFile(join(root, "staged"), "");
    await git("add", "staged");
    const before = await git("status", "--porcelain=v1", "--branch");
    await deployBranches();
    expect(await git("status", "--porcelain=v1", "--branch")).toBe(before);
    expect(await readFile(join(root, "app.json"), "utf8")).toBe("being edited");
    expect(await git("show", "deploy/db-app:app.json")).toContain("apps/db-app/app.json");
  });

  test("--check fails until the branches are right, and makes none", async () => {
    expect(await deployBranches("--check")).toMatchObject({
      code: 1,
      stderr: "[deploy-branches] Run bin/deploy-branches.\n",
    });
    expect(await refs()).toBe("");
    await deployBranches();
    expect((await deployBranches("--check")).code).toBe(0);
  });

  test("--push brings a remote up to date, also when main was rewritten, and pushes nothing else", async () => {
    const remote = join(folder, "remote.git");
    await git("init", "--quiet", "--bare", remote);
    expect((await deployBranches("--push", remote)).code).toBe(0);
    expect((await deployBranches("--check", "--push", remote)).code).toBe(0);
    await git("commit", "--quiet", "--amend", "--allow-empty", "--message=one, in other words");
    expect((await deployBranches("--check", "--push", remote)).code).toBe(1);
    expect((await deployBranches("--push", remote)).code).toBe(0);
    const heads = await git("ls-remote", "--heads", remote);
    expect(heads.split("\n").map((line) => line.split("refs/heads/")[1])).toEqual(branches);
  });

  test("--push leaves the branches of a newer commit alone", async () => {
    const remote = join(folder, "remote.git");
    await git("init", "--quiet", "--bare", remote);
    const older = await git("rev-parse", "HEAD");
    await git("commit", "--quiet", "--allow-empty", "--message=two");
    await git("push", "--quiet", remote, "main");
    await deployBranches("--push", remote);
    const pushed = await git("ls-remote", remote);

    // As CI has it: a clone of one commit.
    const clone = join(folder, "clone");
    await git("init", "--quiet", clone);
    const inClone = (...args: string[]) => git("-C", clone, ...args);
    await inClone("remote", "add", "origin", `file://${remote}`);
    await inClone("fetch", "--quiet", "--depth=1", "origin", older);
    await inClone("switch", "--quiet", "--create=main", older);
    const again = await exec(join(clone, "bin/deploy-branches"), ["--push", "origin"], {
      cwd: clone,
    });
    expect(again.stdout).toContain("Nothing pushed: `main` of origin is newer than this commit.");
    expect(await git("ls-remote", remote)).toBe(pushed);
  });

  test("refuses to run on a deploy branch", async () => {
    await deployBranches();
    await git("switch", "--quiet", "deploy/db-app");
    expect((await deployBranches()).stderr).toContain("You are on `deploy/db-app`");
  });
});

test("each deploy branch of this repository differs from the current commit in what the buttons read alone", async () => {
  root = join(folder, "clone");
  await exec("git", ["clone", "--quiet", ROOT, root]);
  await cp(join(ROOT, "bin/deploy-branches"), join(root, "bin/deploy-branches"));
  await deployBranches();
  const made = (await refs()).split("\n").map((line) => line.split(" ")[0] ?? "");
  const manifests = await git("ls-files", "apps/*/app.json", "apps/*/app.*.json");
  expect(manifests.split("\n")).toHaveLength(made.length);
  expect(made).toContain("deploy/cache-app-redis");
  const read = [".do/deploy.template.yaml", "app.json", "render.yaml"];
  for (const branch of made) {
    expect((await git("diff", "--name-only", "HEAD", branch)).split("\n")).toEqual(read);
    expect(await git("show", `${branch}:render.yaml`)).toContain(`branch: ${branch}\n`);
    expect(await git("show", `${branch}:${read[0]}`)).toContain(`branch: ${branch}\n`);
  }
});

test("CI runs one commit of a branch at a time, and actions that nobody can change", async () => {
  const workflow = await readFile(join(ROOT, ".github/workflows/main.yml"), "utf8");
  expect(workflow).toMatch(/^concurrency:\n {2}group: .*github\.ref/m);
  const actions = workflow.match(/(?<=uses: ).*/g);
  expect(actions?.length).toBeGreaterThan(1);
  for (const action of actions ?? []) expect(action).toMatch(/@[\da-f]{40} # v\d/);
});
