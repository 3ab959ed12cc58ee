import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Addon, startAddon } from "./addon.ts";
import { type AddonOptions, makeAddonFolder } from "./folder.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { findProgram } from "./machine/programs.ts";
import { MissingProgram } from "./missing-program.ts";
import { openSaslDoor, type SaslDoor } from "./sasl-door.ts";
import { startServer } from "./server.ts";
import { handOver } from "./server-user.ts";

export interface MemcachedOptions extends AddonOptions {
  /** Ask for a name and password; by default where this machine's memcached can. */
  sasl?: boolean;
}

const PREFIXES: Record<string, string> = {
  memcachier: "MEMCACHIER",
  memcachedcloud: "MEMCACHEDCLOUD",
};

const WITHOUT_SASL =
  "this memcached was built without SASL: unlike on Heroku it asks for no name and no password";

/** `memcachier` and `memcachedcloud`: a memcached of the app's own. */
export async function startMemcached(options: MemcachedOptions = {}): Promise<Addon> {
  const { plan = "memcachier:dev", record } = options;
  const service = plan.split(":")[0] ?? "memcachier";
  const prefix = options.as ?? PREFIXES[service] ?? "MEMCACHIER";
  const program = findProgram("memcached");
  if (!program) throw new MissingProgram(ways(service, prefix));
  const sasl = options.sasl ?? knowsSasl(program);
  const folder = makeAddonFolder("memcached", options.parent);
  const port = await freePort();
  const [login, password] = [randomBytes(3).toString("hex"), randomBytes(16).toString("hex")];
  let door: SaslDoor | undefined;

  return startAddon({
    name: options.name ?? service,
    plan,
    vars: {
      [`${prefix}_SERVERS`]: `127.0.0.1:${port}`,
      ...(sasl && { [`${prefix}_USERNAME`]: login, [`${prefix}_PASSWORD`]: password }),
    },
    notes: sasl ? [] : [WITHOUT_SASL],
    async launch() {
      if (sasl) door ??= await guard(folder.path, login, password);
      handOver(folder.path, folder.user);
      return startServer({
        title: "memcached",
        program,
        args: [
          "-l",
          "127.0.0.1",
          "-p",
          String(port),
          "-U",
          "0",
          "-m",
          "64",
          ...(sasl ? ["-S"] : []),
        ],
        cwd: folder.path,
        env: { SASL_CONF_PATH: folder.path, MEMCACHED_SASL_PWDB: join(folder.path, "passwords") },
        user: folder.user,
        port,
        stopSignal: "SIGTERM",
        record,
      });
    },
    async dispose() {
      await door?.close();
      folder.remove();
      givePortBack(port);
    },
  });
}

function guard(folder: string, login: string, password: string): Promise<SaslDoor> {
  const socket = join(folder, "mux");
  const lines = ["mech_list: plain", "pwcheck_method: saslauthd", `saslauthd_path: ${socket}`];
  writeFileSync(join(folder, "memcached.conf"), `${lines.join("\n")}\n`);
  // Builds with a password file of their own, such as Homebrew's, read this and never ask at the door.
  writeFileSync(join(folder, "passwords"), `${login}:${password}\n`, { mode: 0o600 });
  return openSaslDoor(socket, login, password);
}

const ways = (service: string, prefix: string) => ({
  program: "memcached",
  service,
  brew: "memcached",
  apt: "memcached",
  docker: "-p 127.0.0.1:11211:11211 memcached",
  setting: `${prefix}_SERVERS=127.0.0.1:11211`,
});

function knowsSasl(program: string): boolean {
  return execFileSync(program, ["-h"], { encoding: "utf8" }).match(/^-S\b.*sasl/im) !== null;
}
