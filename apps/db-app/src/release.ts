/**
 * Runs once per deploy, before the new dynos start: makes the session table, where there is none.
 * The dynos do not do it themselves, because two that start at once on an empty database collide.
 * The table is the one that connect-pg-simple describes in its `table.sql`; a test compares them. It is written
 * out here because this file is bundled, and then the library's file is not beside it.
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
// IF NOT EXISTS alone fails when two run at once. The number only has to be the same for all of them.
const LOCK = "SELECT pg_advisory_xact_lock(727366);";

const { connectionString } = readSettings();
const client = new Client({
  connectionString,
  connectionTimeoutMillis: 10_000,
  statement_timeout: 60_000,
});
// What breaks the connection is also what the query under way rejects with.
client.on("error", () => {});
try {
  await client.connect();
  await client.query(LOCK + TABLE); // one message is one transaction
  await client.end();
  console.log("[db-app] The session table is there.");
} catch (error) {
  const reason =
    error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : error;
  console.error(
    `[db-app] Cannot make the session table: ${reason}. Is Postgres at \`DATABASE_URL\` up, and \`PGSSLMODE\` right?`,
  );
  process.exit(1);
}
