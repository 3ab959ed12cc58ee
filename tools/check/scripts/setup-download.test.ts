import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Machine, newMachine } from "./setup-machine.ts";

let machine: Machine;
let server: Server;
let base: string;
let files: Map<string, Buffer>;

/** The machine reaches a host on loopback, where releases lie as GitHub and nodejs.org serve them. */
beforeEach(async () => {
  machine = await newMachine();
  files = new Map();
  server = createServer((request, response) => {
    const content = files.get(request.url ?? "");
    response.writeHead(content ? 200 : 404).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" && address?.port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await machine.dispose();
});

/** Publishes a release that holds one program, with its checksum beside it. */
async function publish(
  folder: string,
  name: string,
  program: string,
  script: string,
  checksums: string,
) {
  await mkdir(join(machine.root, name, program, ".."), { recursive: true });
  await machine.tool(program, script, name);
  const content = await machine.pack(name);
  const sum = createHash("sha256").update(content).digest("hex");
  files.set(`${folder}/${name}.tar.gz`, content);
  files.set(`${folder}/${checksums}`, Buffer.from(`0  other.tar.gz\n${sum}  ${name}.tar.gz\n`));
}

async function machineOf(system: string, processor: string) {
  await machine.remove("uname");
  await machine.tool("uname", `[ "$1" = -s ] && echo ${system} || echo ${processor}`);
}

function spoil() {
  for (const [path, content] of files) {
    if (path.endsWith(".gz")) files.set(path, Buffer.concat([content, Buffer.from("!")]));
  }
}

describe("k6, where there is no Go", () => {
  const setup = () => machine.setup({ K6_DOWNLOAD_BASE: base });

  beforeEach(async () => {
    await machineOf("Linux", "x86_64");
    const script = "echo 'k6 v2.2.0 (downloaded)'";
    await publish("/v2.2.0", "k6-v2.2.0-linux-amd64", "k6", script, "k6-v2.2.0-checksums.txt");
  });

  test("is the release, in place of a link that leads nowhere", async () => {
    await machine.danglingLink("k6");
    const { code, stdout } = await setup();
    expect(stdout).toContain("✓ k6 2.2.0");
    expect(code).toBe(0);
    expect(await machine.ask("k6", "version")).toContain("downloaded");
  });

  test("is the release although the machine has another major version", async () => {
    await machine.tool("k6", "echo 'k6 v1.7.0 (go1.24)'");
    expect((await setup()).stdout).toContain("✓ k6 2.2.0");
  });

  test("is refused when its checksum is wrong", async () => {
    spoil();
    const { code, stderr } = await setup();
    expect(stderr).toContain("has not the SHA-256");
    expect(stderr).toContain("k6 2.2.0 could not be installed. Run one of these");
    expect(code).toBe(1);
    expect(await machine.inCache("k6")).toBe(false);
  });

  test("is asked for in a message when the host cannot be reached", async () => {
    const { code, stderr } = await machine.setup({ K6_DOWNLOAD_BASE: "http://127.0.0.1:1" });
    expect(stderr).toContain("brew install k6");
    expect(code).toBe(1);
  });
});

describe("Node on a Mac that has an old one", () => {
  const setup = () => machine.setup({ NODE_DOWNLOAD_BASE: base });

  beforeEach(async () => {
    await machineOf("Darwin", "arm64");
    await machine.tool("k6", "echo 'k6 v2.2.0'");
    await machine.remove("node");
    await machine.tool(
      "node",
      `[ "$1" = --version ] && echo v20.1.0 || exec ${process.execPath} "$@"`,
    );
    await publish(
      "/v24.21.0",
      "node-v24.21.0-darwin-arm64",
      "bin/node",
      "echo v24.21.0",
      "SHASUMS256.txt",
    );
  });

  test("is nodejs.org's", async () => {
    expect((await setup()).stdout).toContain("✓ Node 24.21.0");
    expect(await machine.ask("node")).toBe("v24.21.0\n");
  });

  test("is refused when its checksum is wrong", async () => {
    spoil();
    const { code, stderr } = await setup();
    expect(stderr).toContain("has not the SHA-256");
    expect(stderr).toContain("Node 24 could not be installed");
    expect(code).toBe(1);
  });
});
