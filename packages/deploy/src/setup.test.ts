import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { repository } from "./repository.ts";

const exec = promisify(execFile);
const pnpmVersion = readFile(join(repository, "package.json"), "utf8").then(
  (text) => JSON.parse(text).packageManager.split("@")[1],
);
let root: string;

/** A checkout with all installed, on a machine with the tools below and nothing else. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "setup-"));
  for (const path of ["bin", "tools", "package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    await cp(join(repository, path), join(root, path), { recursive: true });
  }
  await mkdir(join(root, "machine"));
  await mkdir(join(root, ".cache/bin"), { recursive: true });
  await symlink(process.execPath, join(root, "machine/node"));
  const plain =
    "awk cat cksum cp dirname grep gzip head id ln mkdir mv paste printf rm sed sh tail tar tr uname";
  for (const name of plain.split(" ")) {
    const { stdout } = await exec("sh", ["-c", `command -v ${name}`]);
    if (stdout.startsWith("/")) await symlink(stdout.trim(), join(root, "machine", name));
  }
  await tool(
    "pnpm",
    `case $1 in --version) echo ${await pnpmVersion} ;; *) mkdir -p node_modules; echo >node_modules/.modules.yaml; echo "ran pnpm $*" ;; esac`,
  );
  await tool("npm", "exit 1");
  await tool("memcached", "");
  await tool("redis-server", "");
});
afterEach(() => rm(root, { recursive: true }));

const tool = (name: string, script: string, folder = "machine") =>
  writeFile(join(root, folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const remove = (name: string) => rm(join(root, "machine", name));

async function setup(env: Record<string, string> = {}, ...options: string[]) {
  const run = exec(join(root, "bin/setup"), options, {
    env: { PATH: join(root, "machine"), HOME: root, ...env },
  });
  return run.then(
    ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

describe("bin/setup", () => {
  test("uses what fits on the machine, and takes our own copy of it away", async () => {
    await tool("k6", "echo 'k6 v2.9.9 (go1.30, linux/amd64)'");
    for (const name of ["node", "pnpm", "k6"])
      await symlink("/nowhere", join(root, ".cache/bin", name));
    const { code, stdout } = await setup();
    expect(stdout).toContain("✓ k6 2.9.9");
    expect(code).toBe(0);
    for (const name of ["node", "pnpm", "k6"]) {
      await expect(lstat(join(root, ".cache/bin", name))).rejects.toThrow("ENOENT");
    }
  });

  test("installs packages once, and again when the lockfile changes", async () => {
    await tool("k6", "echo 'k6 v2.2.0'");
    expect((await setup()).stdout).toContain("ran pnpm install --frozen-lockfile");
    expect((await setup()).stdout).not.toContain("ran pnpm");
    await writeFile(join(root, "pnpm-lock.yaml"), "changed");
    expect((await setup()).stdout).toContain("ran pnpm install --frozen-lockfile");
  });

  test("with --quiet it says nothing when there is nothing to do", async () => {
    await tool("k6", "echo 'k6 v2.2.0'");
    await setup();
    expect(await setup({}, "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("without memcached, apt and Homebrew it names the commands to run, one of them docker's", async () => {
    await remove("memcached");
    const { code, stderr } = await setup();
    expect(stderr).toContain("Missing: memcached. Run one of these");
    for (const way of ["apt-get install", "brew install", "docker run"])
      expect(stderr).toContain(way);
    expect(code).toBe(1);
  });

  test("takes Valkey for Redis", async () => {
    await tool("k6", "echo 'k6 v2.2.0'");
    await remove("redis-server");
    await tool("valkey-server", "");
    expect((await setup()).stdout).toContain("✓ memcached, valkey-server");
  });

  test("a Node that is too old and cannot be replaced ends with a message", async () => {
    await remove("node");
    await tool("node", "echo v20.1.0");
    const { code, stderr } = await setup();
    expect(stderr).toContain("Node 24 could not be installed (this machine has v20.1.0)");
    expect(code).toBe(1);
  });

  test("refuses an option that it does not know", async () => {
    expect((await setup({}, "--nope")).code).toBe(2);
    expect((await setup({}, "--help")).stdout).toContain("bin/setup [--tests]");
  });
});

describe("bin/setup without k6 and Go", () => {
  let server: Server;
  let base: string;
  let files: Map<string, Buffer>;

  /** A release as GitHub serves it, of a k6 that says its version. */
  beforeEach(async () => {
    const name = `k6-v2.2.0-linux-${process.arch === "x64" ? "amd64" : "arm64"}`;
    await mkdir(join(root, name));
    await tool("k6", "echo 'k6 v2.2.0 (downloaded)'", name);
    const { stdout } = await exec("tar", ["-cz", name], { cwd: root, encoding: "buffer" });
    const sum = createHash("sha256").update(stdout).digest("hex");
    files = new Map([
      [`/v2.2.0/${name}.tar.gz`, stdout],
      ["/v2.2.0/k6-v2.2.0-checksums.txt", Buffer.from(`${sum}  ${name}.tar.gz\n`)],
    ]);
    server = createServer((request, response) => {
      const content = files.get(request.url ?? "");
      response.writeHead(content ? 200 : 404).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === "object" && address?.port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test.runIf(process.platform === "linux")(
    "downloads the release, and replaces a dangling link",
    async () => {
      await symlink("/nowhere", join(root, ".cache/bin/k6"));
      const { code, stdout } = await setup({ K6_DOWNLOAD_BASE: base });
      expect(stdout).toContain("✓ k6 2.2.0");
      expect(code).toBe(0);
      const { stdout: version } = await exec(join(root, ".cache/bin/k6"), ["version"]);
      expect(version).toContain("downloaded");
    },
  );

  test.runIf(process.platform === "linux")("replaces a k6 of another major version", async () => {
    await tool("k6", "echo 'k6 v1.7.0 (go1.24)'");
    expect((await setup({ K6_DOWNLOAD_BASE: base })).stdout).toContain("✓ k6 2.2.0");
  });

  test.runIf(process.platform === "linux")(
    "refuses a release whose checksum is wrong",
    async () => {
      for (const [name, content] of files) {
        if (name.endsWith(".gz")) files.set(name, Buffer.concat([content, Buffer.from("!")]));
      }
      const { code, stderr } = await setup({ K6_DOWNLOAD_BASE: base });
      expect(stderr).toContain("has not the SHA-256");
      expect(stderr).toContain("k6 2.2.0 could not be installed. Run one of these");
      expect(code).toBe(1);
      await expect(lstat(join(root, ".cache/bin/k6"))).rejects.toThrow("ENOENT");
    },
  );

  test("a release host that cannot be reached ends with the ways to install k6", async () => {
    const { code, stderr } = await setup({ K6_DOWNLOAD_BASE: "http://127.0.0.1:1" });
    expect(stderr).toContain("brew install k6");
    expect(code).toBe(1);
  });
});
