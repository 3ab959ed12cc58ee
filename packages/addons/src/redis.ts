import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Addon, startAddon } from "./addon.ts";
import { type AddonOptions, makeAddonFolder } from "./folder.ts";
import { makeCertificate } from "./machine/certificate.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { findProgram } from "./machine/programs.ts";
import { MissingProgram } from "./missing-program.ts";
import { startServer } from "./server.ts";
import { handOver } from "./server-user.ts";

export interface RedisOptions extends AddonOptions {
  /** Speak TLS; by default where this machine's server can. */
  tls?: boolean;
}

const WITHOUT_TLS =
  "this Redis was built without TLS: unlike on Heroku the URL begins with redis://, not rediss://";

/** `heroku-redis`: a Valkey or Redis of the app's own, which keeps nothing on the disk, as the mini plan. */
export async function startRedis(options: RedisOptions = {}): Promise<Addon> {
  const { name = "heroku-redis", plan = "heroku-redis:mini", as = "REDIS", record } = options;
  const program = findProgram("valkey-server", "redis-server");
  if (!program) throw new MissingProgram({ ...WAYS, setting: `${as}_URL=redis://127.0.0.1:6379` });
  const tls = options.tls ?? knowsTls(program);
  const folder = makeAddonFolder("redis", options.parent);
  const port = await freePort();
  const password = `p${randomBytes(32).toString("hex")}`;

  async function settings(): Promise<string> {
    const common = ["bind 127.0.0.1", `requirepass ${password}`, 'save ""', "appendonly no"];
    if (!tls) return [...common, `port ${port}`].join("\n");
    const { key, cert } = await makeCertificate();
    const [keyFile, certFile] = [join(folder.path, "key.pem"), join(folder.path, "cert.pem")];
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert);
    const files = [`tls-cert-file "${certFile}"`, `tls-key-file "${keyFile}"`];
    return [...common, ...files, "port 0", `tls-port ${port}`, "tls-auth-clients no"].join("\n");
  }

  let input: string | undefined;
  return startAddon({
    name,
    plan,
    vars: { [`${as}_URL`]: `${tls ? "rediss" : "redis"}://:${password}@127.0.0.1:${port}` },
    notes: tls ? [] : [WITHOUT_TLS],
    async launch() {
      input ??= await settings();
      handOver(folder.path, folder.user);
      return startServer({
        title: "Redis",
        program,
        args: ["-"],
        input,
        cwd: folder.path,
        user: folder.user,
        port,
        stopSignal: "SIGTERM",
        record,
      });
    },
    dispose() {
      folder.remove();
      givePortBack(port);
    },
  });
}

const WAYS = {
  program: "redis-server",
  service: "heroku-redis",
  brew: "valkey",
  apt: "redis-server",
  docker: "-p 127.0.0.1:6379:6379 valkey/valkey",
};

/** Whether the program links a TLS library: it does not say so itself. A wrong answer fails at the start. */
function knowsTls(program: string): boolean {
  try {
    execFileSync(program, ["--tls-port", "not-a-port"], { stdio: "pipe", timeout: 5_000 });
    return false;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    return !/Bad directive or wrong number/.test(`${stdout}${stderr}`);
  }
}
