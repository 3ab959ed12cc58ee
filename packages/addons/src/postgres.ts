import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Addon, startAddon } from "./addon.ts";
import { type AddonFolder, type AddonOptions, makeAddonFolder } from "./folder.ts";
import { makeCertificate } from "./machine/certificate.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { bareEnv } from "./machine/programs.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { startServer } from "./server.ts";
import { handOver } from "./server-user.ts";

// Connections that Heroku's plans allow one app: https://devcenter.heroku.com/articles/heroku-postgres-plans
const CONNECTIONS: Record<string, number> = { essential: 20, "standard-0": 120, "standard-2": 400 };

/** `heroku-postgresql`: a Postgres of the app's own that demands TLS and enforces the plan's connection limit. */
export async function startPostgres(options: AddonOptions = {}): Promise<Addon> {
  const { name = "heroku-postgresql", plan = "heroku-postgresql:essential-0", record } = options;
  const folder = makeAddonFolder("postgres", options.parent);
  const { initdb, postgres } = await postgresBinaries(folder);
  const data = join(folder.path, "data");
  const port = await freePort();
  const [user, database, password] = [`u${hex(7)}`, `d${hex(7)}`, `p${hex(32)}`];
  const limit = connectionLimit(plan);

  async function prepare(): Promise<void> {
    const flags = ["--auth=reject", "--no-sync", "--no-instructions", "--locale=C", "-E", "UTF8"];
    await run(initdb, ["-D", data, "-U", "postgres", ...flags], folder);
    const { key, cert } = await makeCertificate();
    writeFileSync(join(data, "server.key"), key, { mode: 0o600 });
    writeFileSync(join(data, "server.crt"), cert);
    // Only the app's own role gets in, only into its own database, and only over TLS.
    writeFileSync(
      join(data, "pg_hba.conf"),
      `hostssl ${database} ${user} 127.0.0.1/32 scram-sha-256\n`,
    );
    appendFileSync(join(data, "postgresql.conf"), settings(port, limit));
    handOver(data, folder.user);
    // Single-user mode needs no superuser who could log in over the network.
    await run(postgres, ["--single", "-F", "-D", data, "postgres"], folder, [
      `CREATE ROLE ${user} LOGIN PASSWORD '${password}' CONNECTION LIMIT ${limit}`,
      `CREATE DATABASE ${database} OWNER ${user}`,
    ]);
  }

  let prepared: Promise<void> | undefined;
  return startAddon({
    name,
    plan,
    vars: {
      [options.as ? `${options.as}_URL` : "DATABASE_URL"]:
        `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    },
    async launch() {
      prepared ??= prepare();
      await prepared;
      return startServer({
        title: "Postgres",
        program: postgres,
        args: ["-D", data],
        cwd: folder.path,
        user: folder.user,
        port,
        readyLine: "database system is ready to accept connections",
        stopSignal: "SIGINT",
        endSignal: "SIGQUIT",
        record,
      });
    },
    dispose() {
      folder.remove();
      givePortBack(port);
    },
  });
}

const settings = (port: number, limit: number) => `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
ssl = on
max_connections = ${limit + 5}
timezone = 'UTC'
log_timezone = 'UTC'
# Memory that the kernel would keep after a kill -9 lies in the data folder instead.
dynamic_shared_memory_type = mmap
`;

function connectionLimit(plan: string): number {
  const tier = plan.split(":")[1] ?? "essential-0";
  return CONNECTIONS[tier] ?? CONNECTIONS[tier.replace(/-\d+$/, "")] ?? 20;
}

/** Runs one of Postgres' programs to its end; it complains on standard error, and may still exit with 0. */
function run(program: string, args: string[], folder: AddonFolder, sql: string[] = []) {
  return new Promise<void>((resolve, reject) => {
    const options = { ...folder.user, cwd: folder.path, env: bareEnv() };
    const child = execFile(program, args, options, (error, _stdout, stderr) => {
      if (!error && !stderr.includes("ERROR:") && !stderr.includes("FATAL:")) return resolve();
      reject(new Error(`[dynos] Postgres cannot be prepared: ${stderr.trim() || error?.message}`));
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(sql.map((line) => `${line};\n`).join(""));
  });
}

const hex = (bytes: number) => randomBytes(bytes).toString("hex");
