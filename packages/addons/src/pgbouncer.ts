import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AddonFolder, handOver } from "./folder.ts";
import type { ProcessRecord } from "./machine/processes.ts";
import { findProgram } from "./machine/programs.ts";
import { MissingProgram } from "./program.ts";
import { type ServerProcess, startServer } from "./server.ts";

/** Whether this machine has PgBouncer. */
export const hasPgbouncer = (): boolean => findProgram("pgbouncer") !== undefined;

export interface PgbouncerOptions {
  /** Where it listens. */
  port: number;
  /** Where Postgres listens. */
  postgresPort: number;
  user: string;
  password: string;
  database: string;
  /** How many connections to Postgres it opens at most. */
  poolSize: number;
  /** Gets its configuration; holds `server.key` and `server.crt`. */
  folder: AddonFolder;
  data: string;
  record?: ProcessRecord | undefined;
}

/**
 * Starts PgBouncer in front of a Postgres, in transaction mode and otherwise with its default settings, as Heroku's
 * connection pooling has it. A transaction gets any free connection to Postgres.
 *
 * @throws MissingProgram
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<ServerProcess> {
  const program = findProgram("pgbouncer");
  if (!program) {
    throw new MissingProgram("pgbouncer", "heroku-postgresql with a pooler", {
      brew: "pgbouncer",
      apt: "pgbouncer",
      docker: "-p 127.0.0.1:6432:6432 edoburu/pgbouncer",
      configVar: "DATABASE_URL=postgres://postgres:secret@127.0.0.1:6432/postgres",
    });
  }
  const { folder, user, password } = options;
  const own = join(folder.path, "pgbouncer");
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const [users, settings] = [join(own, "users.txt"), join(own, "pgbouncer.ini")];
  writeFileSync(users, `"${user}" "${password}"\n`, { mode: 0o600 });
  writeFileSync(settings, toSettings(options, users), { mode: 0o600 });
  handOver(own, folder.user);
  return startServer({
    title: "PgBouncer",
    program,
    args: [settings],
    cwd: folder.path,
    user: folder.user,
    port: options.port,
    readyLine: "process up",
    stopSignal: "SIGTERM",
    record: options.record,
  });
}

function toSettings(options: PgbouncerOptions, users: string): string {
  const { port, postgresPort, database, poolSize, data } = options;
  return `
[databases]
${database} = host=127.0.0.1 port=${postgresPort}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${poolSize}
client_tls_sslmode = require
client_tls_key_file = ${join(data, "server.key")}
client_tls_cert_file = ${join(data, "server.crt")}
server_tls_sslmode = require
`;
}
