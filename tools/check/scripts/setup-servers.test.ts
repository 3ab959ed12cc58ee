import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "@repo/registry";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Machine, newMachine } from "./setup-machine.ts";

const exec = promisify(execFile);

let machine: Machine;
beforeEach(async () => {
  machine = await newMachine();
  await machine.tool("k6", "echo 'k6 v2.2.0'");
  for (const name of ["memcached", "redis-server"]) await machine.remove(name);
  // What starts a server and logs in is this repository's own.
  await symlink(join(ROOT, "packages"), join(machine.root, "packages"));
});
afterEach(() => machine.dispose());

const hidden = /^(memcached|redis|valkey|sudo|docker|podman|brew|pnpm|node|npm|k6)/;

/** All of this machine's programs but the servers and what could install them as root. */
async function allButServers(): Promise<string> {
  const folder = join(machine.root, "others");
  await mkdir(folder);
  for (const name of readdirSync("/usr/bin"))
    if (!hidden.test(name)) await symlink(join("/usr/bin", name), join(folder, name));
  return `${join(machine.root, "machine")}:${folder}`;
}

const has = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const isOpen = (path: string): boolean =>
  path === "/" || ((statSync(path).mode & 0o005) === 0o005 && isOpen(dirname(path)));
const asRoot = process.getuid?.() === 0;
const nobody = 65534;

const user = asRoot ? nobody : undefined;
const handOver = async () =>
  asRoot && (await exec("chown", ["-R", `${nobody}:${nobody}`, machine.root]));

async function setupAsUser(env: Record<string, string>) {
  await handOver();
  return machine.setupAs(user, env);
}

// Root's own checkout below /root is closed to the user as whom this runs.
test.runIf(has("/usr/bin/apt-get") && has("/usr/bin/dpkg-deb") && (!asRoot || isOpen(ROOT)))(
  "an ordinary user of Debian gets memcached and Redis unpacked below .cache, and both let one log in",
  { timeout: 180_000, retry: 1 },
  async () => {
    const PATH = await allButServers();
    const { code, stdout, stderr } = await setupAsUser({ PATH });
    expect(stdout + stderr).toContain("unpacking memcached");
    expect(stdout).toMatch(/✓ memcached\n✓ redis-server/);
    expect(code).toBe(0);
    const started = await readFile(join(machine.root, ".cache/bin/redis-server"), "utf8");
    expect(started).toContain(".cache/debian/root/usr/bin/redis-server");
    expect(await machine.missing()).toBe("");
  },
);

const real = (name: string) =>
  ["/usr/bin", "/opt/homebrew/bin"].map((folder) => join(folder, name)).find(has);
const memcached = real("memcached");
const redis = real("redis-server");

test.runIf(memcached && redis && (!asRoot || isOpen(ROOT)))(
  "a container is as good, as long as its engine runs",
  { timeout: 120_000 },
  async () => {
    const PATH = await allButServers();
    await machine.tool("redis-server", `exec ${redis} "$@"`);
    // An engine whose every image holds this machine's own memcached.
    await machine.tool(
      "podman",
      `case $1 in run) shift ;; *) exit ;; esac
while case $1 in --*) true ;; *) false ;; esac; do shift; done
echo "$1" >>'${machine.root}/images'; shift; exec ${memcached} "$@"`,
    );
    for (const name of ["apt-get", "dnf"]) await machine.tool(name, "exit 1");
    expect((await setupAsUser({ PATH })).stdout).toContain("✓ memcached");
    expect(await readFile(join(machine.root, "images"), "utf8")).toContain("memcached:1.6\n");

    await machine.tool("podman", "exit 125");
    expect((await setupAsUser({ PATH })).code).toBe(1);
    expect(await machine.missing()).toContain("memcached\t");
  },
);

test.runIf(has("/usr/bin/script") && memcached && redis && (!asRoot || isOpen(ROOT)))(
  "a server that lets nobody log in is missing; on a terminal it runs sudo after a yes, and with --quiet does not ask again after a no",
  { timeout: 120_000 },
  async () => {
    const PATH = await allButServers();
    await machine.tool("redis-server", `exec ${redis} "$@"`);
    await machine.tool("apt-get", "exit 1");
    const mended = join(machine.root, "mended");
    await machine.tool("memcached", `[ -e ${mended} ] && exec ${memcached} "$@"`);
    await machine.tool("sudo", `[ "$1" != -n ] || exit 1\n: >${mended}`);
    const question = "sudo apt-get install -y memcached libsasl2-modules";
    await handOver();
    const asked = (answer: string, ...options: string[]) =>
      machine.onTerminal(user, answer, { PATH }, ...options);
    const first = await asked("n");
    expect(first).toContain("`memcached` does not work");
    expect(first).toContain(question);
    expect(await asked("n", "--quiet")).not.toContain("Run this now?");
    const said = await asked("y");
    expect(said).toContain("✓ memcached");
    expect(await machine.missing()).toBe("");
  },
);
