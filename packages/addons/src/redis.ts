import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Addon, type AddonService, startAddon } from "./addon.ts";
import { redisFiller } from "./filler.ts";
import { type AddonOptions, handOver, makeAddonFolder } from "./folder.ts";
import { makeCertificate } from "./machine/certificate.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { findProgram } from "./machine/programs.ts";
import { MissingProgram, programVersion } from "./program.ts";
import { startServer } from "./server.ts";

/** `heroku-redis`, which is Heroku Key-Value Store: a Valkey or Redis that keeps nothing on disk, as the mini plan. */
export const redis: AddonService = {
  name: "heroku-redis",
  server: "redis",
  prices: { "heroku-redis:mini": 3 },
  pricesFrom: "devcenter.heroku.com/articles/heroku-redis, January 2025",
  prefix: "REDIS",
  addressVar: (prefix) => `${prefix}_URL`,
  version: () => programVersion(...PROGRAMS),
  start: startRedis,
};

const MINI = { megabytes: 25, connections: 20 };
/** https://devcenter.heroku.com/articles/heroku-redis-technical-characterization (11 Oct 2024) */
const LIMITS: Record<string, typeof MINI> = {
  mini: MINI,
  "premium-0": { megabytes: 50, connections: 40 },
  "premium-1": { megabytes: 100, connections: 80 },
  "premium-2": { megabytes: 250, connections: 200 },
  "premium-3": { megabytes: 500, connections: 400 },
  "premium-5": { megabytes: 1000, connections: 1000 },
};

const PROGRAMS = ["valkey-server", "redis-server"];

export interface RedisOptions extends AddonOptions {
  /** Default: whether this machine's server was built with TLS. */
  tls?: boolean;
}

const WITHOUT_TLS =
  "this Redis was built without TLS: its URL begins with redis://, where Heroku's begins with rediss://";

export async function startRedis(options: RedisOptions = {}): Promise<Addon> {
  const { name = redis.name, plan = "heroku-redis:mini", as = redis.prefix, record } = options;
  const addressVar = redis.addressVar(as);
  const program = findProgram(...PROGRAMS);
  if (!program) {
    throw new MissingProgram("redis-server", redis.name, {
      brew: "valkey",
      apt: "redis-server",
      docker: "-p 127.0.0.1:6379:6379 valkey/valkey",
      configVar: `${addressVar}=redis://127.0.0.1:6379`,
    });
  }
  const tls = options.tls ?? knowsTls(program);
  const folder = makeAddonFolder("redis", options.parent);
  const port = await freePort();
  const password = `p${randomBytes(32).toString("hex")}`;

  async function settings(inner: number): Promise<string> {
    const { megabytes, connections } = LIMITS[plan.split(":")[1] ?? ""] ?? MINI;
    const common = [
      ...["bind 127.0.0.1", `requirepass ${password}`, 'save ""', "appendonly no"],
      ...[`maxmemory ${megabytes}mb`, `maxclients ${connections}`],
      // Listed first by Heroku's CLI (heroku/cli docs/redis.md); that it is the default is from a blog.
      "maxmemory-policy noeviction",
    ];
    if (!tls) return [...common, `port ${inner}`].join("\n");
    const { key, cert } = await makeCertificate();
    const [keyFile, certFile] = [join(folder.path, "key.pem"), join(folder.path, "cert.pem")];
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert);
    const files = [`tls-cert-file "${certFile}"`, `tls-key-file "${keyFile}"`];
    return [...common, ...files, "port 0", `tls-port ${inner}`, "tls-auth-clients no"].join("\n");
  }

  let input: string | undefined;
  return startAddon({
    name,
    plan,
    vars: { [addressVar]: `${tls ? "rediss" : "redis"}://:${password}@127.0.0.1:${port}` },
    notes: tls ? [] : [WITHOUT_TLS],
    port,
    filler: redisFiller(password, tls),
    direct: options.direct,
    async launch(inner) {
      input ??= await settings(inner);
      handOver(folder.path, folder.user);
      return startServer({
        title: "Redis",
        program,
        args: ["-"],
        input,
        cwd: folder.path,
        user: folder.user,
        port: inner,
        stopSignal: "SIGTERM",
        record,
      });
    },
    async dispose() {
      await folder.remove();
      givePortBack(port);
    },
  });
}

/** Whether the program was built with TLS, by its error for a port that is not valid. A wrong guess fails at the start. */
function knowsTls(program: string): boolean {
  try {
    execFileSync(program, ["--tls-port", "not-a-port"], { stdio: "pipe", timeout: 5_000 });
    return false;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    return !/Bad directive or wrong number/.test(`${stdout}${stderr}`);
  }
}
