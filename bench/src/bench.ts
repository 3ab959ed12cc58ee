/**
 * What a session costs: `pnpm bench [APP…] [--rounds N] [--profile] [--write]`, for the apps that are built. Each runs as
 * one production process with its real store; GET and POST /api/session are measured against /api/plain of the same
 * process, and where the app stands on a library, against that library alone, in turns. `--profile` says whose CPU time it
 * is, and writes the CPU profile of each request into bench/profiles, for the DevTools of a browser. `--write` puts the
 * tables into docs/speed.md.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure.ts";
import { machine } from "./page.ts";
import { benchPeers } from "./peers/peers.ts";
import { benchScale } from "./scale/scale.ts";
import { startServer } from "./server.ts";
import { costsOf, goalsOf, ownersOf, type Table, toMarkdown, writeTables } from "./table.ts";
import { findVariants } from "./variants.ts";

const HELP = `Usage: pnpm bench [--peers | --scale] [APP…] [--rounds N] [--seconds N] [--write]

What a session costs, in docs/speed.md with --write. The apps must be built: pnpm build.

  APP…          some of the apps: db-app, or cache-app:redis for one of its stores
  --rounds N    so many rounds, of which the median counts (7)
  --seconds N   so long is each request asked in a round (2)
  --profile     also says whose CPU time it is, and writes CPU profiles into bench/profiles
  --peers       the apps beside Express and bare iron-session, on the same stores
  --scale       reads from small and large stores, and while expired sessions are deleted:
    --sessions N  so many in Postgres (3000000, which takes 3 GB of disk and some minutes to fill; 10000000: 10 GB)
    --cached N    so many in memcached and in Redis (1000000, which takes 2 GB of memory)
                  In a minute: --sessions 100000 --cached 20000 --rounds 3
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    profile: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    scale: { type: "boolean", default: false },
    sessions: { type: "string", default: "3000000" },
    cached: { type: "string", default: "1000000" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
const common = {
  names: positionals,
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  write: values.write,
};

// By default a signal ends the process without an `exit` event, and the servers would outlive it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(130));
}

if (values.peers || values.scale) {
  if (values.peers) await benchPeers(common);
  if (values.scale) {
    await benchScale({
      ...common,
      sessions: Number(values.sessions),
      cached: Number(values.cached),
    });
  }
  process.exit();
}

const variants = findVariants(positionals);
if (variants.length === 0) throw new Error("[bench] No app is built. Run `pnpm build` first.");

console.log(`One process per app, ${machine()}`);
const tables: Table[] = [];
for (const variant of variants) {
  const server = await startServer(variant);
  try {
    const results = await measure(server, {
      paths: variant.extraPaths,
      rounds: Number(values.rounds),
      seconds: Number(values.seconds),
      profiles: values.profile ? profilesOf(variant.name) : undefined,
    });
    const found = [costsOf, goalsOf, ownersOf].map((toTable) => toTable(variant.name, results));
    for (const table of found.filter(({ rows }) => rows.length > 0)) {
      console.log(`\n${toMarkdown(table)}`);
      tables.push(table);
    }
  } finally {
    await server.stop();
  }
}
if (values.write) writeTables(tables);

function profilesOf(name: string): string {
  const folder = join(import.meta.dirname, "../profiles", name.replace(":", "-"));
  mkdirSync(folder, { recursive: true });
  return folder;
}
