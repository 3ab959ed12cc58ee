/**
 * What a session costs: `pnpm bench [APP…] [--rounds N] [--write]`, for the apps that are built. Each runs as one
 * production process with its real store; GET and POST /api/session are measured against /api/plain of the same
 * process, in turns. `--write` puts the table into docs/speed.md.
 */
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
    });
    for (const result of results) rows.push(rowOf(variant.name, result));
    console.log(toTable(rows.slice(-results.length), { head: false }));
  } finally {
    await server.stop();
  }
}
if (values.write) writeTable(rows);
