import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Addon, type AddonService, startAddon } from "./addon.ts";
import { memcachedFiller } from "./filler.ts";
import { type AddonOptions, handOver, makeAddonFolder } from "./folder.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { findProgram } from "./machine/programs.ts";
import { MissingProgram, programVersion } from "./program.ts";
import { startServer } from "./server.ts";

const service = (name: string, prefix: string, prices: AddonService["prices"]): AddonService => ({
  name,
  server: "memcached",
  prices,
  pricesFrom: "devcenter.heroku.com/articles/memcachier, June 2023",
  prefix,
  addressVar: (each) => `${each}_SERVERS`,
  version: () => programVersion("memcached"),
  start: (options) => startMemcached(options),
});

/** https://devcenter.heroku.com/articles/memcachier (20 Jun 2023) */
export const memcachier = service("memcachier", "MEMCACHIER", { "memcachier:dev": 0 });
export const memcachedCloud = service("memcachedcloud", "MEMCACHEDCLOUD", {});

/**
 * Of a plan. The others are named by theirs, as `memcachier:100`; 25 for `memcachier:dev` is from pages of packages, because
 * MemCachier's own could not be read.
 */
const megabytes = (plan: string) => Number(/:(\d+)$/.exec(plan)?.[1] ?? 25);

export interface MemcachedOptions extends AddonOptions {
  /** Whether it asks for a name and password. Default: whether this machine's memcached was built with SASL. */
  sasl?: boolean;
}

const WITHOUT_SASL =
  "this memcached was built without SASL: it asks for no name and password, where Heroku's does";

/** A memcached for the plan of either service. */
export async function startMemcached(options: MemcachedOptions = {}): Promise<Addon> {
  const { plan = "memcachier:dev", record } = options;
  const service = plan.startsWith(memcachedCloud.name) ? memcachedCloud : memcachier;
  const prefix = options.as ?? service.prefix;
  const addressVar = service.addressVar(prefix);
  const program = findProgram("memcached");
  if (!program) {
    throw new MissingProgram("memcached", service.name, {
      brew: "memcached",
      apt: "memcached",
      docker: "-p 127.0.0.1:11211:11211 memcached",
      configVar: `${addressVar}=127.0.0.1:11211`,
    });
  }
  const sasl = options.sasl ?? knowsSasl(program);
  const folder = makeAddonFolder("memcached", options.parent);
  const port = await freePort();
  const [login, password] = [randomBytes(3).toString("hex"), randomBytes(16).toString("hex")];
  let passwords: PasswordServer | undefined;

  return startAddon({
    name: options.name ?? service.name,
    plan,
    vars: {
      [addressVar]: `127.0.0.1:${port}`,
      ...(sasl && { [`${prefix}_USERNAME`]: login, [`${prefix}_PASSWORD`]: password }),
    },
    notes: sasl ? [] : [WITHOUT_SASL],
    port,
    filler: memcachedFiller(megabytes(plan), login, password),
    direct: options.direct,
    async launch(inner) {
      if (sasl) passwords ??= await demandPassword(folder.path, login, password);
      handOver(folder.path, folder.user);
      return startServer({
        title: "memcached",
        program,
        args: [
          "-l",
          "127.0.0.1",
          "-p",
          String(inner),
          "-U",
          "0",
          "-m",
          String(megabytes(plan)),
          ...(sasl ? ["-S"] : []),
        ],
        cwd: folder.path,
        env: { SASL_CONF_PATH: folder.path, MEMCACHED_SASL_PWDB: join(folder.path, "passwords") },
        user: folder.user,
        port: inner,
        stopSignal: "SIGTERM",
        record,
      });
    },
    async dispose() {
      await passwords?.close();
      await folder.remove();
      givePortBack(port);
    },
  });
}

/** Configures SASL in the folder, and serves the check of passwords. */
function demandPassword(folder: string, login: string, password: string): Promise<PasswordServer> {
  const socket = join(folder, "mux");
  const lines = ["mech_list: plain", "pwcheck_method: saslauthd", `saslauthd_path: ${socket}`];
  writeFileSync(join(folder, "memcached.conf"), `${lines.join("\n")}\n`);
  // Homebrew's build reads passwords from this file and does not ask the socket.
  writeFileSync(join(folder, "passwords"), `${login}:${password}\n`, { mode: 0o600 });
  return servePasswords(socket, login, password);
}

function knowsSasl(program: string): boolean {
  return execFileSync(program, ["-h"], { encoding: "utf8" }).match(/^-S\b.*sasl/im) !== null;
}

/** Checks names and passwords on a Unix socket, as saslauthd does. */
interface PasswordServer {
  close(): Promise<void>;
}

/**
 * memcached asks its SASL library about passwords, and the library can ask a socket: this needs neither `saslpasswd2`
 * nor its database. The protocol of saslauthd: four strings (login, password, service, realm), each after its length in
 * two bytes; the answer likewise, "OK" or "NO".
 */
function servePasswords(path: string, login: string, password: string): Promise<PasswordServer> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const fields = parseStrings(received);
      if (!fields) return;
      const right = fields[0] === login && fields[1] === password;
      socket.end(Buffer.concat([Buffer.from([0, 2]), Buffer.from(right ? "OK" : "NO")]));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, readableAll: true, writableAll: true }, () => {
      server.unref();
      resolve({ close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}

/** The four strings; undefined until all have arrived. */
function parseStrings(received: Buffer): string[] | undefined {
  const fields: string[] = [];
  let offset = 0;
  while (fields.length < 4) {
    if (received.length < offset + 2) return undefined;
    const end = offset + 2 + received.readUInt16BE(offset);
    if (received.length < end) return undefined;
    fields.push(received.toString("utf8", offset + 2, end));
    offset = end;
  }
  return fields;
}
