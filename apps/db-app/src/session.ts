/**
 * A session is a row in Postgres, in the table of connect-pg-simple. An Express app with that store can delete
 * these rows, by key or when they have expired; it cannot read the data, which is sealed.
 *
 * - The cookie holds a random id. The row's `sid` is SHA-256 of it, so that a leaked table is not a set of
 *   cookies. `sess` holds the sealed data and a version.
 * - It costs one query to read and one more to write. Each dyno keeps at most DATABASE_POOL_MAX connections.
 * - It dies when it is destroyed, on every dyno at once, or when `expire` has passed; connect-pg-simple
 *   deletes such rows about every 15 minutes. A restart of a dyno or of Postgres loses nothing.
 * - `expire` has no time zone. It means UTC, and every statement says so: the time zone of a connection is a
 *   setting of the role, the database and the client, and a pooler may not pass it on.
 *
 * connect-pg-simple is dormant. It stays because its table is what Express apps share, the library is 300 lines over
 * one table that no longer changes, and only its reading, deleting and pruning are used.
 *
 * The table is made by `release.ts`, never here. TLS is decided by PGSSLMODE, which node-postgres reads itself:
 * `no-verify` is what Heroku's certificate needs.
 */
import { promisify } from "node:util";
import { sessions } from "@repo/session";
import {
  type SessionStore,
  STORE_LIMIT_MS,
  type StoredSession,
  serverStrategy,
  singleton,
} from "@repo/session/strategy";
import connectPgSimple from "connect-pg-simple";
import type { ClientConfig } from "pg";
import type { Fields } from "./fields.ts";
import { sharedConnections } from "./stores/connections.ts";
import { readSettings } from "./stores/settings.ts";

type Env = Record<string, string | undefined>;

/** Opens the database that the config vars name; tests bring their own. */
export function postgresStore(env: Env = process.env): SessionStore {
  const { connectionString, connections } = readSettings(env);
  const config: ClientConfig = {
    connectionString,
    connectionTimeoutMillis: STORE_LIMIT_MS,
    statement_timeout: STORE_LIMIT_MS,
    query_timeout: STORE_LIMIT_MS + 500, // a server that does not even say that it gave up: breaks the connection
    keepAlive: true,
    pipeline: true,
  };
  const { query, close } = sharedConnections(config, connections);

  const Library = connectPgSimple({ Store: class {} } as never);
  const pool = { query: (text: string, values: unknown[]) => query(inUtc(text), values) };
  const library = new Library({ pool: pool as never, disableTouch: true });
  const destroy = promisify<string, void>(library.destroy.bind(library));
  library.touch("", {} as never, () => {}); // with `disableTouch` all it does is start the randomised pruning

  return {
    name: "Postgres",

    async read(key) {
      const { rows } = await query({
        name: "read",
        text: `SELECT sess, (extract(epoch FROM expire) * 1000)::float8 AS "expiresAt"
               FROM "session" WHERE sid = $1 AND expire > ${NOW}`,
        values: [key],
      });
      const [row] = rows;
      if (!row?.sess?.sealed) return null; // none, or one that Express keeps in the same table
      return { sealed: row.sess.sealed, expiresAt: row.expiresAt, version: row.sess.version };
    },

    async create(key, stored) {
      await query({
        name: "create",
        text: `INSERT INTO "session" (sid, sess, expire) VALUES ($1, $2, ${utc("$3")})`,
        values: [key, sess(stored, "1"), stored.expiresAt],
      });
      return "1";
    },

    async update(key, stored, version) {
      const next = String(Number(version) + 1);
      const { rows } = await query({
        name: "update",
        text: `WITH found AS (SELECT FROM "session" WHERE sid = $1 AND expire > ${NOW}),
                    saved AS (UPDATE "session" SET sess = $2, expire = ${utc("$3")}
                              WHERE sid = $1 AND expire > ${NOW} AND sess->>'version' = $4 RETURNING sid)
               SELECT EXISTS (SELECT FROM saved) AS saved, EXISTS (SELECT FROM found) AS found`,
        values: [key, sess(stored, next), stored.expiresAt, version],
      });
      if (rows[0].saved) return { outcome: "saved", version: next };
      return { outcome: rows[0].found ? "conflict" : "gone" };
    },

    async touch(key, expiresAt) {
      const { rowCount } = await query({
        name: "touch",
        text: `UPDATE "session" SET expire = ${utc("$2")} WHERE sid = $1 AND expire > ${NOW}`,
        values: [key, expiresAt],
      });
      return rowCount === 1;
    },

    async destroy(key, version) {
      if (version === undefined) {
        await destroy(key);
        return "destroyed";
      }
      const { rows } = await query({
        name: "destroy",
        text: `WITH found AS (SELECT FROM "session" WHERE sid = $1 AND expire > ${NOW}),
                    destroyed AS (DELETE FROM "session"
                                  WHERE sid = $1 AND expire > ${NOW} AND sess->>'version' = $2 RETURNING sid)
               SELECT EXISTS (SELECT FROM destroyed) AS destroyed, EXISTS (SELECT FROM found) AS found`,
        values: [key, version],
      });
      if (rows[0].destroyed) return "destroyed";
      return rows[0].found ? "conflict" : "gone";
    },

    async ready() {
      await query('SELECT FROM "session" LIMIT 1');
    },

    async close() {
      library.close();
      await close();
    },
  };
}

const NOW = "now() AT TIME ZONE 'UTC'";
/** A parameter in milliseconds since 1970, as a value of `expire`. */
const utc = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000) AT TIME ZONE 'UTC'`;

/** connect-pg-simple compares `expire` with `to_timestamp($1)`, which takes the connection's time zone. */
const inUtc = (statement: string) =>
  statement.replace(/to_timestamp\(\$\d\)/g, "($& AT TIME ZONE 'UTC')");

/** What connect-pg-simple and express-session expect of a session, and what is ours. */
function sess({ sealed, expiresAt }: StoredSession, version: string): string {
  const [originalMaxAge, expires] = [expiresAt - Date.now(), new Date(expiresAt)];
  const cookie = { originalMaxAge, expires, httpOnly: true, path: "/" };
  return JSON.stringify({ cookie, version, sealed });
}

export const strategy = singleton("strategy", () =>
  serverStrategy({ name: "db", store: postgresStore }),
);

export const { getSession, serverTiming, auth, authOptions, renewCookie, register, ready } =
  sessions<Fields>(strategy);
