/**
 * The session is a row in Postgres, in the table of connect-pg-simple.
 *
 * - Where the data lives: in the column `sess`, sealed, with a version. `sid` is the SHA-256 of the session id, so a
 *   leaked table contains no usable cookies. An Express app with the same store can delete these rows, by key or when they
 *   have expired, but cannot read the data.
 * - What the cookie holds: a random id.
 * - What it costs: one query to read and one more to write; a write that is refused takes one more to find out why. Each
 *   dyno opens at most DATABASE_POOL_MAX connections.
 * - How it fails: while Postgres is down, requests for a session get 503, and no session is lost. A restart of a dyno or
 *   of Postgres loses nothing. A session ends when it is destroyed, on every dyno at once, or when `expire` has passed;
 *   stores/prune.ts deletes such rows about every 15 minutes.
 *
 * `expire` has no time zone. It means UTC, and every statement says so: the time zone of a connection is a setting of the
 * role, the database and the client, and a pooler may not pass it on.
 *
 * connect-pg-simple is dormant. It stays because Express apps share its table, and because it is 300 lines over one table
 * that no longer changes. Only its `destroy` is used.
 *
 * `owner` is this app's own column: a keyed hash of the user's id, so that a user can list and end their sessions. It is
 * NULL for anonymous sessions, for rows of an Express app, and for rows that an earlier release of this app wrote, until
 * their next write or touch: those are not listed.
 *
 * It works behind PgBouncer in transaction mode: no statement depends on what an earlier one left in its connection, unless
 * DATABASE_PREPARED_STATEMENTS says that there is no pooler.
 *
 * `release.ts` creates the table. PGSSLMODE, which node-postgres reads itself, decides on TLS: Heroku's certificate needs
 * `no-verify`.
 */
import { promisify } from "node:util";
import { sessions } from "@repo/session";
import {
  countRoundTrip,
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
import { createPruner, type Pruner } from "./stores/prune.ts";
import { readSettings } from "./stores/settings.ts";

type Env = Record<string, string | undefined>;

/** Opens the database of the config vars; tests pass other ones. */
export function postgresStore(env: Env = process.env): SessionStore & Pick<Pruner, "prune"> {
  const { connectionString, connections, isDirect } = readSettings(env);
  const config: ClientConfig = {
    connectionString,
    connectionTimeoutMillis: STORE_LIMIT_MS,
    keepAlive: true,
    pipeline: isDirect,
  };
  const { query, close } = sharedConnections(config, connections, STORE_LIMIT_MS);
  /** A named statement is parsed and planned once per connection. */
  const run = (name: string, text: string, values: unknown[]) =>
    query(isDirect ? { name, text, values } : { text, values });

  const Library = connectPgSimple({ Store: class {} } as never);
  const library = new Library({ pool: { query } as never, pruneSessionInterval: false });
  const destroy = promisify<string, void>(library.destroy.bind(library));
  const pruner = createPruner(query);

  /** Why a conditional statement changed no row. */
  async function goneOrConflict(key: string): Promise<"gone" | "conflict"> {
    countRoundTrip();
    const { rowCount } = await run("exists", EXISTS, [key]);
    return rowCount === 0 ? "gone" : "conflict";
  }

  return {
    name: "Postgres",

    async read(key) {
      const [row] = (await run("read", READ, [key])).rows;
      if (!row?.sess?.sealed) return null; // no row, or a row of an Express app
      return { sealed: row.sess.sealed, expiresAt: row.expiresAt, version: row.sess.version };
    },

    async create(key, stored) {
      const values = [key, sess(stored, "1"), stored.expiresAt, stored.owner?.hash];
      await run("create", CREATE, values);
      return "1";
    },

    async update(key, stored, version) {
      const next = String(Number(version) + 1);
      const values = [key, sess(stored, next), stored.expiresAt, version, stored.owner?.hash];
      const { rowCount } = await run("update", UPDATE, values);
      if (rowCount === 1) return { result: "saved", version: next };
      return { result: await goneOrConflict(key) };
    },

    async touch(key, expiresAt, owner) {
      const { rowCount } = await run("touch", TOUCH, [key, expiresAt, owner?.hash]);
      return rowCount === 1;
    },

    async destroy(key, version) {
      if (version === undefined) {
        await destroy(key);
        return "destroyed";
      }
      const { rowCount } = await run("destroy", DESTROY, [key, version]);
      return rowCount === 1 ? "destroyed" : goneOrConflict(key);
    },

    async list(owner) {
      const { rows } = await run("list", LIST, [owner]);
      return rows;
    },

    async ready() {
      await query('SELECT FROM "session" LIMIT 1');
    },

    prune: pruner.prune,

    async close() {
      pruner.close();
      await close();
    },
  };
}

const NOW = "now() AT TIME ZONE 'UTC'";
/** A parameter in milliseconds since 1970, as a value of `expire`. */
const utc = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000) AT TIME ZONE 'UTC'`;

const LIVE = `sid = $1 AND expire > ${NOW}`;
const READ = `SELECT sess, (extract(epoch FROM expire) * 1000)::float8 AS "expiresAt" FROM "session" WHERE ${LIVE}`;
const EXISTS = `SELECT FROM "session" WHERE ${LIVE}`;
const CREATE = `INSERT INTO "session" (sid, sess, expire, owner) VALUES ($1, $2, ${utc("$3")}, $4)`;
const UPDATE = `UPDATE "session" SET sess = $2, expire = ${utc("$3")}, owner = $5 WHERE ${LIVE} AND sess->>'version' = $4`;
const TOUCH = `UPDATE "session" SET expire = ${utc("$2")}, owner = $3 WHERE ${LIVE}`;
const DESTROY = `DELETE FROM "session" WHERE ${LIVE} AND sess->>'version' = $2`;
const LIST = `SELECT sid AS key, sess->>'sealed' AS sealed, (extract(epoch FROM expire) * 1000)::float8 AS "expiresAt"
  FROM "session" WHERE owner = $1 AND expire > ${NOW}`;

/** `cookie` is what connect-pg-simple and express-session expect; the rest is this app's. */
function sess({ sealed, expiresAt }: StoredSession, version: string): string {
  const [originalMaxAge, expires] = [expiresAt - Date.now(), new Date(expiresAt)];
  const cookie = { originalMaxAge, expires, httpOnly: true, path: "/" };
  return JSON.stringify({ cookie, version, sealed });
}

export const strategy = singleton("strategy", () =>
  serverStrategy({ name: "db", store: postgresStore }),
);

export const {
  getSession,
  serverTiming,
  mySessions,
  endSession,
  endOtherSessions,
  auth,
  authOptions,
  renewCookie,
  register,
  ready,
} = sessions<Fields>(strategy);
