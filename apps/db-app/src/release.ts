/**
 * Runs once per deploy, before the new dynos start and while the old ones serve: creates the session table, its column
 * `owner` and their indexes, unless they exist. The dynos do not create them, because two that start at once on an empty
 * database collide. The table is the one in connect-pg-simple's `table.sql`, and `owner` beside it; a test compares them.
 * It is repeated here because this file is bundled without the library's file.
 *
 * Each statement is a transaction, and only one release works at a time. Its lock belongs to the connection and is asked
 * for again and again: CREATE INDEX CONCURRENTLY waits for every open transaction, so it cannot run in one that holds the
 * lock, and it would never end while another release waited for the lock in one. A pooler in transaction mode may
 * ask for it on one connection to Postgres and give it back on another, which is fine while releases do not overlap; give
 * them a direct `DATABASE_URL` where you can, as Heroku does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { readSettings } from "./stores/settings.ts";

/** The number must only be the same for all releases. */
const LOCK = 727_366;
const LOCK_WAIT_MS = 60_000;

const TABLE = `
  CREATE TABLE "session" (
    "sid" varchar NOT NULL COLLATE "default",
    "sess" json NOT NULL,
    "expire" timestamp(6) NOT NULL,
    CONSTRAINT "session_pkey" PRIMARY KEY ("sid")
  );
  CREATE INDEX "IDX_session_expire" ON "session" ("expire");
`;
const COLUMN = 'ALTER TABLE "session" ADD COLUMN "owner" varchar';
/** CONCURRENTLY: a plain CREATE INDEX stops every sign-in until it has read the whole table. */
const INDEX =
  'CREATE INDEX CONCURRENTLY "IDX_session_owner" ON "session" ("owner") WHERE "owner" IS NOT NULL';

/**
 * In the message of a step, which is one transaction: PgBouncer refuses them as start-up parameters. ALTER TABLE waits for
 * a backup, say, and every request for a session would wait behind it.
 */
const LIMITS = "SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '5s';";

const { directUrl } = readSettings();
const client = new Client({
  connectionString: directUrl,
  connectionTimeoutMillis: 10_000,
});
// The query in progress rejects with the same error.
client.on("error", () => {});
try {
  await client.connect();
  await takeLock();
  await prepare();
  // The end of the connection frees it too, but a pooler keeps its own connection to Postgres.
  await client.query("SELECT pg_advisory_unlock($1)", [LOCK]);
  await client.end();
  console.log("[db-app] The session table exists.");
} catch (error) {
  const reason =
    error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : error;
  console.error(
    `[db-app] Cannot create the session table: ${reason}. Check that Postgres runs at \`DATABASE_URL\` and that \`PGSSLMODE\` is right, and deploy again.`,
  );
  process.exit(1);
}

async function takeLock(): Promise<void> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS taken", [LOCK]);
    if (rows[0].taken) return;
    if (Date.now() > deadline) throw new Error("another release has been at work for a minute");
    await sleep(100);
  }
}

/** Looks before each step: even a step that finds nothing to do would lock the table. */
async function prepare(): Promise<void> {
  const { rows } = await client.query(`
    SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('"session"')) AS table,
           EXISTS (SELECT FROM pg_attribute
                   WHERE attrelid = to_regclass('"session"') AND attname = 'owner') AS column,
           (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('"IDX_session_owner"')) AS index`);
  const has = rows[0];
  if (!has.table) await client.query(LIMITS + TABLE);
  if (!has.column) await client.query(LIMITS + COLUMN);
  if (has.index) return;
  // Without limits: it reads the whole table, twice, and waits for open transactions; nothing waits for it.
  // A release that failed while it built the index leaves one that no query uses.
  if (has.index === false) await client.query('DROP INDEX CONCURRENTLY "IDX_session_owner"');
  await client.query(INDEX);
}
