import { readWholeNumber } from "@repo/session/strategy";

type Env = Record<string, string | undefined>;

/** The values that node-postgres knows. With any other value it silently connects without TLS. */
const TLS_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

/**
 * The config vars of the database.
 *
 * @returns `connectionString` for sessions, which is `DATABASE_CONNECTION_POOL_URL` where Heroku's connection pooling has
 *   set it (https://devcenter.heroku.com/articles/postgres-connection-pooling); `directUrl` for the release, which needs a
 *   connection that stays the same; how many connections a process may open; and whether that is Postgres
 *   itself, by `DATABASE_PREPARED_STATEMENTS`. Behind a pooler no statement may be prepared, since each transaction may get
 *   another server connection, which does not know what an earlier one prepared; and one query must be answered before the
 *   next is sent: PgBouncer 1.18 gave the answers to queries of a connection that broke to the next client.
 * @throws an error that names the config var which is missing or wrong; it never shows a URL, which holds a password
 */
export function readSettings(env: Env = process.env) {
  const { DATABASE_URL: directUrl, DATABASE_CONNECTION_POOL_URL: poolUrl, PGSSLMODE } = env;
  if (!directUrl) {
    throw new Error(
      "[db-app] Missing config var `DATABASE_URL`. Add Postgres to the app, or copy `.env.example` to `.env`.",
    );
  }
  for (const [name, url] of [
    ["DATABASE_URL", directUrl],
    ["DATABASE_CONNECTION_POOL_URL", poolUrl || directUrl],
  ] as const) {
    if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) continue;
    throw new Error(
      `[db-app] Config var \`${name}\` is not a URL of Postgres. It looks like \`postgres://user:password@host:5432/database\`.`,
    );
  }
  if (PGSSLMODE && !TLS_MODES.includes(PGSSLMODE)) {
    throw new Error(
      `[db-app] Config var \`PGSSLMODE\` is "${PGSSLMODE}". It takes one of: ${TLS_MODES.join(", ")}.`,
    );
  }
  const { DATABASE_PREPARED_STATEMENTS: prepared = "false" } = env;
  if (prepared !== "true" && prepared !== "false") {
    throw new Error(
      `[db-app] Config var \`DATABASE_PREPARED_STATEMENTS\` is "${prepared}". It takes \`true\` or \`false\`.`,
    );
  }
  const connections = readWholeNumber("DATABASE_POOL_MAX", 2, env);
  const isDirect = prepared === "true" && !poolUrl;
  return { connectionString: poolUrl || directUrl, directUrl, connections, isDirect };
}
