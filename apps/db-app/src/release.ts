/**
 * Runs once per deploy, before the new dynos start: creates the session table unless it exists. The dynos do not create
 * it, because two that start at once on an empty database collide. The table is the one in connect-pg-simple's
 * `table.sql`; a test compares them. It is repeated here because this file is bundled without the library's file.
 */
import { Client } from "pg";
import { readSettings } from "./stores/settings.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS "session" (
    "sid" varchar NOT NULL COLLATE "default",
    "sess" json NOT NULL,
    "expire" timestamp(6) NOT NULL,
    CONSTRAINT "session_pkey" PRIMARY KEY ("sid")
  );
  CREATE INDEX IF NOT EXISTS "IDX_session_expire" ON "session" ("expire");
`;
// IF NOT EXISTS fails when two releases run at once. The number must only be the same for all of them.
const LOCK = "SELECT pg_advisory_xact_lock(727366);";

const { connectionString } = readSettings();
const client = new Client({
  connectionString,
  connectionTimeoutMillis: 10_000,
  statement_timeout: 60_000,
});
// The query in progress rejects with the same error.
client.on("error", () => {});
try {
  await client.connect();
  await client.query(LOCK + TABLE); // one message is one transaction
  await client.end();
  console.log("[db-app] The session table exists.");
} catch (error) {
  const reason =
    error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : error;
  console.error(
    `[db-app] Cannot create the session table: ${reason}. Check that Postgres runs at \`DATABASE_URL\` and that \`PGSSLMODE\` is right.`,
  );
  process.exit(1);
}
