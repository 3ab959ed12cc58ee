/**
 * What a session costs: `pnpm bench [APP…] [--rounds N] [--profile] [--write]`, for the apps that are built. Each runs as
 * one production process with its real store; GET and POST /api/session are measured against /api/plain of the same
 * process, and where the app stands on a library, against that library alone, in turns. `--profile` writes a CPU profile
 * of each request into bench/profiles, for the DevTools of a browser. `--write` puts the table into docs/speed.md.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure.ts";
import { startServer } from "./server.ts";
import { printHeader, rowOf, toTable, writeTable } from "./table.ts";
import { findVariants } from "./variants.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    profile: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

// By default a signal ends the process without an `exit` event, and the servers would outlive it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(130));
}

const variants = findVariants(positionals);
if (variants.length === 0) throw new Error("[bench] No app is built. Run `pnpm build` first.");

printHeader();
const rows = [];
for (const variant of variants) {
  const server = await startServer(variant);
  try {
    const results = await measure(server, {
      paths: variant.extraPaths,
      rounds: Number(values.rounds),
      seconds: Number(values.seconds),
      profiles: values.profile ? profilesOf(variant.name) : undefined,
    });
    for (const result of results) rows.push(rowOf(variant.name, result));
    console.log(toTable(rows.slice(-results.length), { head: false }));
  } finally {
    await server.stop();
  }
}
if (values.write) writeTable(rows);

function profilesOf(name: string): string {
  const folder = join(import.meta.dirname, "../profiles", name.replace(":", "-"));
  mkdirSync(folder, { recursive: true });
  return folder;
}
