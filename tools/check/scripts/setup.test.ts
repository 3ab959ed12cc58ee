import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Machine, newMachine } from "./setup-machine.ts";

let machine: Machine;
beforeEach(async () => {
  machine = await newMachine();
});
afterEach(() => machine.dispose());

const k6 = (version: string) => machine.tool("k6", `echo 'k6 v${version} (go1.26.8, linux/amd64)'`);

test("uses what fits on the machine, and takes its own copy of it away", async () => {
  await k6("2.9.9");
  for (const name of ["node", "pnpm", "k6"]) await machine.danglingLink(name);
  const { code, stdout } = await machine.setup();
  expect(stdout).toContain("✓ k6 2.9.9");
  expect(code).toBe(0);
  for (const name of ["node", "pnpm", "k6"]) expect(await machine.inCache(name)).toBe(false);
});

test("a Node of its own that pnpm put on the PATH is not the machine's", async () => {
  await k6("2.2.0");
  await machine.remove("node");
  await machine.tool("node", "echo v20.1.0");
  const inCache = join(machine.root, ".cache/node/bin");
  await mkdir(inCache, { recursive: true });
  await symlink(process.execPath, join(inCache, "node"));
  await symlink(join(inCache, "node"), join(machine.root, ".cache/bin/node"));
  const PATH = `${inCache}:${join(machine.root, "machine")}`;
  expect((await machine.setup({ PATH })).code).toBe(0);
  expect(await machine.inCache("node")).toBe(true);
});

test("installs packages once, and again when the lockfile changes", async () => {
  await k6("2.2.0");
  expect((await machine.setup()).stdout).toContain("ran pnpm install --frozen-lockfile");
  expect((await machine.setup()).stdout).not.toContain("ran pnpm");
  await writeFile(join(machine.root, "pnpm-lock.yaml"), "changed");
  expect((await machine.setup()).stdout).toContain("ran pnpm install --frozen-lockfile");
});

test("with --quiet it says nothing when there is nothing to do", async () => {
  await k6("2.2.0");
  await machine.setup();
  expect(await machine.setup({}, "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("without memcached, apt and Homebrew it names the commands to run, one of them docker's", async () => {
  await machine.remove("memcached");
  const { code, stderr } = await machine.setup();
  expect(stderr).toContain("Missing: memcached. Run one of these");
  for (const way of ["apt-get install", "brew install", "docker run"])
    expect(stderr).toContain(way);
  expect(code).toBe(1);
});

test("takes Valkey for Redis", async () => {
  await k6("2.2.0");
  await machine.remove("redis-server");
  await machine.tool("valkey-server", "");
  expect((await machine.setup()).stdout).toContain("✓ memcached, valkey-server");
});

test("installs what is missing by apt-get where it is root, and by Homebrew else", async () => {
  await k6("2.2.0");
  for (const [uid, installer] of [
    ["0", "apt-get"],
    ["501", "brew"],
  ] as const) {
    await machine.remove("memcached");
    await machine.remove("id");
    await machine.tool("id", `echo ${uid}`);
    const memcached = join(machine.root, "machine/memcached");
    await machine.tool(
      installer,
      `case " $* " in *" memcached "*) cp /dev/null ${memcached} && /bin/chmod +x ${memcached} ;; esac`,
    );
    const { code, stdout } = await machine.setup();
    expect(stdout).toMatch(installer === "brew" ? "by Homebrew" : "by apt-get");
    expect(code).toBe(0);
  }
});

test("an unfit Node that cannot be replaced ends with a message", async () => {
  await machine.remove("node");
  await machine.tool("node", "echo v20.1.0");
  const { code, stderr } = await machine.setup();
  expect(stderr).toContain("Node 24 could not be installed (this machine has v20.1.0)");
  expect(code).toBe(1);
});

test("refuses an option that it does not know", async () => {
  expect((await machine.setup({}, "--nope")).code).toBe(2);
  expect((await machine.setup({}, "--help")).stdout).toContain("bin/setup [--tests]");
});
