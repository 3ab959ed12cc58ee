import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Addon, planAddons } from "@repo/addons";
import { ROOT } from "@repo/registry";
import pg from "pg";

/** A real server, filled, and the app's own store on it. */
export interface Filled {
  readonly vars: Readonly<Record<string, string>>;
  /** Live sessions: those with the keys 0 to `sessions` − 1. */
  readonly sessions: number;
  stop(): Promise<void>;
}

/** What is used here of an app's store. */
export interface Store {
  create(key: string, stored: { sealed: string; expiresAt: number }): Promise<unknown>;
  /** Resolves with null where there is none. */
  read(key: string): Promise<unknown>;
  /** Postgres only: deletes expired sessions, until it is closed. */
  prune?(): Promise<number>;
  close(): Promise<void>;
}

export interface Kind {
  readonly title: string;
  open(vars: Readonly<Record<string, string>>): Store;
  /** @param expired so many expired sessions are among them; Postgres only, since caches forget by themselves */
  fill(sessions: number, expired: number): Promise<Filled>;
}

/** What Heroku's add-ons ask for: TLS without a certificate that anybody signed. */
const NO_VERIFY = { PGSSLMODE: "no-verify", REDIS_TLS: "no-verify" };
const DAY_MS = 86_400_000;
/** As much as a session with a few fields takes when it is sealed. */
const SEALED = "s".repeat(240);

/** The key of a session: SHA-256 in hex, as the apps have it. */
export const keyOf = (session: number) =>
  createHash("sha256").update(String(session)).digest("hex");

// Not imported by their types, which would bring Next's: those change the type of every environment.
const load = (app: string) => import(join(ROOT, "apps", app, "src/session.ts"));
const { postgresStore } = await load("db-app");
const { cacheStore } = await load("cache-app");

const start = async (plan: string): Promise<Addon> => {
  const [planned] = planAddons([{ plan }], {}, { direct: true });
  if (!planned) throw new Error(`[bench] No add-on for ${plan}.`);
  return planned.start({});
};

export const postgres: Kind = {
  title: "Postgres",
  open: (vars) => postgresStore({ ...NO_VERIFY, ...vars, DATABASE_PREPARED_STATEMENTS: "true" }),
  async fill(sessions, expired) {
    Object.assign(process.env, NO_VERIFY); // node-postgres reads PGSSLMODE itself
    const addon = await start("heroku-postgresql:standard-0");
    try {
      const script = join(ROOT, "apps/db-app/src/release.ts");
      const env = { ...process.env, ...addon.vars };
      await promisify(execFile)(process.execPath, [script], { env });
      await fillTable(addon.vars, sessions, expired);
    } catch (error) {
      await addon.remove();
      throw error;
    }
    return { vars: addon.vars, sessions, stop: () => addon.remove() };
  },
};

/**
 * Copies a row of the app's with other keys and expiries: live ones within the next 14 days, and expired ones spread among
 * them. Then what autovacuum and the checkpointer would do in the background is done, so that it is not measured.
 */
async function fillTable(vars: Addon["vars"], sessions: number, expired: number): Promise<void> {
  const store = postgres.open(vars);
  await store.create("template", { sealed: SEALED, expiresAt: Date.now() + DAY_MS });
  await store.close();
  const client = new pg.Client({ connectionString: vars.DATABASE_URL });
  await client.connect();
  const every = expired > 0 ? Math.ceil(sessions / expired) : 0;
  await client.query(`
    INSERT INTO "session" (sid, sess, expire)
    SELECT encode(sha256(convert_to(CASE WHEN is_live THEN i::text ELSE 'expired' || i END, 'UTF8')), 'hex'), sess,
           now() AT TIME ZONE 'UTC' + CASE WHEN is_live THEN interval '1 hour' + random() * interval '14 days'
                                           ELSE -random() * interval '15 minutes' END
    FROM (SELECT sess FROM "session" WHERE sid = 'template') AS template,
         generate_series(0, ${sessions - 1}) AS i,
         LATERAL (SELECT true UNION ALL SELECT false WHERE ${every} > 0 AND i % ${every || 1} = 0) AS states (is_live)`);
  await client.query(`DELETE FROM "session" WHERE sid = 'template'`);
  await client.query('VACUUM (ANALYZE) "session"');
  await client.end();
}

const cacheKind = (title: string, plan: string): Kind => ({
  title,
  open: (vars) => cacheStore({ ...NO_VERIFY, ...vars }),
  async fill(sessions) {
    const addon = await start(plan);
    const store = this.open(addon.vars);
    try {
      await fillCache(store, sessions);
    } catch (error) {
      await addon.remove();
      throw error;
    } finally {
      await store.close();
    }
    return { vars: addon.vars, sessions, stop: () => addon.remove() };
  },
});

/** Plans with memory for a million sessions. */
export const memcached = cacheKind("memcached", "memcachier:1000");
export const redis = cacheKind("Redis", "heroku-redis:premium-5");

/** Creates by the app's own store, so many at a time. */
async function fillCache(store: Store, sessions: number): Promise<void> {
  const AT_ONCE = 200;
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < sessions) {
        const session = next;
        next += 1;
        await store.create(keyOf(session), { sealed: SEALED, expiresAt: Date.now() + 14 * DAY_MS });
      }
    }),
  );
  // An eviction would make the store smaller than it is said to be.
  for (let session = 0; session < sessions; session += Math.ceil(sessions / 1_000))
    if (!(await store.read(keyOf(session))))
      throw new Error(`[bench] The cache evicted sessions: ${sessions} do not fit.`);
}
