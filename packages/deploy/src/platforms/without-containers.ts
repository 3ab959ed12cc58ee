import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Addon, startMemcached, startPostgres, startRedis } from "@repo/addons";
import { freePort, givePortBack } from "@repo/addons/ports";
import { findProgram } from "@repo/addons/programs";
import { startServer } from "@repo/addons/server";
import { ROOT } from "@repo/registry";
import { parse } from "yaml";
import { buildEnv } from "../build-env.ts";
import { mustRun } from "../run.ts";
import { askContinuity } from "./ask.ts";
import { readDockerfile } from "./dockerfile.ts";

interface ComposeFile {
  services: {
    web: {
      build: { args: Record<string, string> };
      environment: Record<string, string>;
      deploy: { replicas: number };
      healthcheck: { test: string[] };
    };
    release: { command: string[] };
    store?: { image: string };
  };
}

const PLATFORMS = "packages/deploy/platforms";

/**
 * Does what the compose file of an app says, on this machine: the Dockerfile's commands in a clone, the release, as
 * many processes as there are replicas, each at its own address, and a real Caddy with our Caddyfile, which finds
 * them by name as it does in a network of containers. The store is a real one, at an address that Compose does not know.
 */
export async function withoutContainers(name: string, say: (text: string) => void): Promise<void> {
  if (process.platform !== "linux") {
    throw new Error("[deploy] This needs Linux, where all of 127.0.0.0/8 is this machine.");
  }
  const caddy = findProgram("caddy");
  if (!caddy) throw new Error("[deploy] Missing program `caddy`. Run `bin/setup --tests`.");
  const folder = await mkdtemp(join(tmpdir(), "compose-"));
  const closing: (() => Promise<unknown> | unknown)[] = [
    () => rm(folder, { recursive: true, force: true }),
  ];
  try {
    say("a clean clone, built as the Dockerfile says");
    const source = join(folder, "source");
    await mustRun(["git", "clone", "--quiet", "--shared", ROOT, source], {
      cwd: folder,
      env: buildEnv({}),
    });
    const file = async (path: string) => readFile(join(source, PLATFORMS, path), "utf8");
    const { services } = parse(await file(`${name}/compose.yaml`)) as ComposeFile;
    const dockerfile = readDockerfile(await file("Dockerfile"));
    const secrets: Record<string, string> = Object.fromEntries(
      ["SESSION_SECRET", "ACTIONS_SECRET", "POSTGRES_PASSWORD"].map((key) => [
        key,
        randomBytes(32).toString("hex"),
      ]),
    );
    // bin/test gives one: then turbo takes what it has built in this checkout with it, from the very same files.
    const { ACTIONS_SECRET } = process.env;
    const cache: Record<string, string> = ACTIONS_SECRET
      ? { TURBO_CACHE_DIR: join(ROOT, ".turbo/cache") }
      : {};
    if (ACTIONS_SECRET) secrets.ACTIONS_SECRET = ACTIONS_SECRET;
    const filled = (values: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          value.replace(/\$\{(\w+):\?\}/g, (_, secret) => secrets[secret] ?? ""),
        ]),
      );
    const global = join(folder, "global");
    const args = filled(services.web.build.args);
    const building = buildEnv({ ...args, ...cache, npm_config_prefix: global });
    building.PATH = `${global}/bin:${building.PATH}`;
    for (const command of dockerfile.build)
      await mustRun(["sh", "-c", command], { cwd: source, env: building });

    const store = await startStore(services.store?.image);
    if (store) closing.push(() => store.remove());
    // The image's own settings, then the file's, then where the store really is.
    const { APP = "" } = args;
    const config = {
      ...{ APP, NODE_ENV: "production", PORT: String(await freePort()) },
      ...filled(services.web.environment),
      ...store?.vars,
      ...(store?.vars.DATABASE_URL && { PGSSLMODE: "no-verify" }),
      ...(store?.vars.REDIS_URL && { REDIS_TLS: "no-verify" }),
    };
    const shipped = join(source, dockerfile.shipped.replace("$APP", APP));
    const start = async (address: string) => {
      const slug = join(folder, address);
      await mkdir(slug);
      await cp(shipped, slug, { recursive: true, verbatimSymlinks: true });
      const [program = "", ...more] = dockerfile.start;
      const server = await startServer({
        ...{ title: address, program: join(slug, program), args: more, cwd: slug, user: {} },
        ...{ env: { ...config, HOSTNAME: address }, port: Number(config.PORT) },
        ...{ readyLine: "Ready", stopSignal: "SIGTERM" },
      });
      closing.push(() => server.stop());
      return server;
    };

    say(`release: ${services.release.command.join(" ")}`);
    await mustRun(services.release.command, {
      cwd: shipped,
      env: buildEnv(config),
    });
    const addresses = Array.from(
      { length: services.web.deploy.replicas },
      (_, i) => `127.0.0.${i + 2}`,
    );
    say(`${addresses.length} instances, and Caddy in front of them`);
    const servers = await Promise.all(addresses.map(start));
    const [, , , ask = ""] = services.web.healthcheck.test;
    for (const address of addresses) {
      const here = ask.replace("127.0.0.1:3000", `${address}:${config.PORT}`);
      await mustRun(["node", "-e", here], { cwd: folder, env: buildEnv({}) });
    }

    const names = await nameServer("web", addresses);
    closing.push(names.close);
    const [http, https] = [await freePort(), await freePort()];
    // What holds the port for us is a UDP socket, and Caddy listens there for HTTP/3.
    givePortBack(https);
    const proxy = await startServer({
      ...{ title: "Caddy", program: caddy, cwd: folder, user: {}, port: https },
      args: ["run", "--adapter", "caddyfile", "--config", join(source, PLATFORMS, "Caddyfile")],
      env: {
        ...{ SITE_ADDRESS: "localhost", HTTP_PORT: String(http), HTTPS_PORT: String(https) },
        ...{ WEB_PORT: config.PORT, RESOLVERS: `resolvers 127.0.0.1:${names.port}` },
        // Where it keeps the authority that it makes for `localhost`.
        ...{ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      },
      stopSignal: "SIGTERM",
    });
    closing.push(() => proxy.stop());
    await askContinuity(`https://localhost:${https}`, say);

    say("one instance stops, and no request fails");
    const [first] = servers;
    const stopping = first?.stop();
    await visitAWhile(`https://localhost:${https}/api/session`);
    await stopping;
    say("does what its compose file says");
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

function startStore(image: string | undefined): Promise<Addon> | undefined {
  if (!image) return;
  if (image.startsWith("postgres:")) return startPostgres();
  return image.startsWith("memcached:") ? startMemcached() : startRedis();
}

/** Visits for three seconds, with a certificate that Caddy signed itself. */
async function visitAWhile(url: string): Promise<void> {
  const until = performance.now() + 3_000;
  while (performance.now() < until) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(url, { agent: false, rejectUnauthorized: false }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      }).on("error", reject);
    });
    if (status !== 200) throw new Error(`[deploy] ${url} answered ${status} while one stopped.`);
  }
}

/** A name server that knows one name: every question for IPv4 addresses gets all of them. */
async function nameServer(name: string, addresses: string[]) {
  const socket = createSocket("udp4");
  socket.on("message", (question, { address, port }) => {
    const end = question.indexOf(0, 12) + 5;
    const asked = question.subarray(12, end);
    const known =
      asked.subarray(1, 1 + name.length).toString() === name && asked.readUInt16BE(end - 16) === 1;
    const answers = known ? addresses : [];
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(answers.length, 6);
    head.writeUInt32BE(0, 8);
    // A pointer to the name above, type A, class IN, one second to live, four bytes.
    const records = answers.map((ip) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...ip.split(".").map(Number)]),
    );
    socket.send(Buffer.concat([head, asked, ...records]), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { port: (socket.address() as AddressInfo).port, close: () => socket.close() };
}
