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

test("its own Node that pnpm put on the PATH is not the machine's", async () => {
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

test("what cannot be installed is named at the end, and listed in a file with the command that installs it", async () => {
  await k6("2.2.0");
  await machine.remove("memcached");
  await machine.tool("dnf", "exit 1");
  const missing = "memcached\tsudo dnf install -y memcached cyrus-sasl-plain\n";
  const { code, stderr } = await machine.setup();
  expect(stderr).toContain("  memcached   sudo dnf install -y memcached");
  expect(code).toBe(1);
  expect(await machine.missing()).toBe(missing);
  // What can go on without it goes on.
  expect((await machine.setup({}, "--quiet", "--partial")).code).toBe(0);
  expect(await machine.missing()).toBe(missing);
  await machine.tool("memcached", "");
  expect((await machine.setup()).code).toBe(0);
  expect(await machine.missing()).toBe("");
});

test("takes Valkey for Redis", async () => {
  await k6("2.2.0");
  await machine.remove("redis-server");
  await machine.tool("valkey-server", "");
  expect((await machine.setup()).stdout).toContain("✓ valkey-server");
});

test.each([
  ["as root, by apt-get", "0", "apt-get", "by apt-get"],
  ["where sudo asks for no password, by dnf", "501", "dnf", "by dnf"],
  ["by Homebrew", "501", "brew", "by Homebrew"],
])("installs what is missing %s", async (_, uid, installer, says) => {
  await k6("2.2.0");
  await machine.remove("memcached");
  await machine.remove("id");
  await machine.tool("id", `echo ${uid}`);
  if (installer === "dnf") await machine.tool("sudo", '[ "$1" = -n ] && shift && exec "$@"');
  await machine.tool("true", "");
  await machine.tool("env", 'shift; exec "$@"');
  await machine.tool(installer, machine.bringing("memcached"));
  const { code, stdout } = await machine.setup();
  expect(stdout).toContain(says);
  expect(code).toBe(0);
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
