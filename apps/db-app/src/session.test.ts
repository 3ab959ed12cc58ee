import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { type Addon, hasPgbouncer, startPostgres } from "@repo/addons";
import { type SessionStore, serverStrategy } from "@repo/session/strategy";
import { describeStrategy } from "@repo/session/testing";
import connectPgSimple from "connect-pg-simple";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import pkg from "../package.json" with { type: "json" };
import { postgresStore } from "./session.ts";
import { sharedConnections } from "./stores/connections.ts";
import { readSettings } from "./stores/settings.ts";

const HOUR_MS = 3_600_000;
process.env.PGSSLMODE = "no-verify"; // the add-on's certificate is like Heroku's

let addon: Addon;
let pool: Pool;
let store: SessionStore;

beforeAll(async () => {
  addon = await startPostgres();
  pool = new Pool({ connectionString: addon.vars.DATABASE_URL, max: 1 });
  pool.on("error", () => {});
  await release(addon.vars);
  store = postgresStore(addon.vars);
}, 30_000);

afterAll(async () => {
  await store?.close();
  await pool?.end();
  await addon?.remove();
});

/** `src/release.ts`, in a separate process, as on a deploy. */
function release(vars: Record<string, string>) {
  const { DATABASE_URL: _, ...env } = process.env;
  const script = new URL("./release.ts", import.meta.url).pathname;
  return promisify(execFile)(process.execPath, [script], { env: { ...env, ...vars } });
}

let keys = 0;
/** The shape of a key: SHA-256 in hex. */
const newKey = () => String(++keys).padStart(64, "0");
const inOneHour = () => ({ sealed: "abc", expiresAt: Date.now() + HOUR_MS });

/** The conformance suite needs one server for itself: it restarts it. */
function describeOn(name: string, getAddon: () => Addon, vars: Record<string, string> = {}) {
  describeStrategy(name, pkg.strategy.traits, async () => {
    const { vars: addonVars, restart } = getAddon();
    const direct = new Pool({ connectionString: addonVars.DATABASE_URL, max: 1 });
    direct.on("error", () => {});
    const stores = new Map<string, SessionStore>();
    const storeOf = (dyno: string) => {
      const known = stores.get(dyno) ?? postgresStore({ ...addonVars, ...vars });
      stores.set(dyno, known);
      return known;
    };
    const broken = () => postgresStore({ DATABASE_URL: "postgres://127.0.0.1:1/none" });
    return {
      start: (dyno, config) => serverStrategy({ name: "db", store: () => storeOf(dyno), config }),
      startBroken: (config) => serverStrategy({ name: "db", store: broken, config }),
      restartStore: () => restart(),
      async peek(_dyno, key) {
        const sql = 'SELECT sess::text FROM "session" WHERE sid = $1';
        return (await direct.query(sql, [key])).rows[0]?.sess ?? null;
      },
      async close() {
        for (const store of stores.values()) await store.close();
        await direct.end();
      },
    };
  });
}

describeOn("db", () => addon);
describeOn("db with prepared statements", () => addon, { DATABASE_PREPARED_STATEMENTS: "true" });

describe.skipIf(!hasPgbouncer())("behind PgBouncer in transaction mode", () => {
  let pooled: Addon;
  const poolUrl = () => pooled.vars.DATABASE_CONNECTION_POOL_URL ?? "";
  beforeAll(async () => {
    pooled = await startPostgres({ pooler: true });
    // As with a provider that has no other address.
    await release({ DATABASE_URL: poolUrl() });
  }, 30_000);
  afterAll(() => pooled?.remove());

  describeOn("db", () => pooled);

  test("parallel queries of many connections are never mixed up, also around statements that fail", async () => {
    const stores = Array.from({ length: 10 }, () => postgresStore(pooled.vars));
    await neverMixedUp(stores);
    for (const each of stores) await each.close();
  });

  test("a query without an answer ends after its time limit, on the server too, and no answer is mixed up", () =>
    endsAfterItsLimit(pooled.vars));
});

/**
 * A query that exceeds its time limit takes its connection along: what waits behind it fails, Postgres stops it, and later
 * queries get their own answers. PgBouncer would hand over an answer to what had been sent behind it.
 */
async function endsAfterItsLimit(vars: Addon["vars"]): Promise<void> {
  const { connectionString, isDirect } = readSettings(vars);
  const { query, close } = sharedConnections({ connectionString, pipeline: isDirect }, 1, 500);
  const watcher = new Pool({ connectionString: vars.DATABASE_URL, max: 1 });
  watcher.on("error", () => {});
  const hungSql = "SELECT pg_sleep(60) AS hung";
  const isHanging = async () => {
    const sql = "SELECT FROM pg_stat_activity WHERE query = $1 AND state = 'active'";
    return (await watcher.query(sql, [hungSql])).rowCount === 1;
  };
  try {
    await query("SELECT 1");
    const started = performance.now();
    const hung = query(hungSql);
    const behind = query("SELECT 2 AS two");
    const ended = Promise.allSettled([hung, behind]);
    await vi.waitFor(async () => expect(await isHanging()).toBe(true));
    await ended;
    await expect(hung).rejects.toThrow("did not answer within 500 ms");
    await expect(behind).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(5_000);
    for (let three = 3; three < 30; three += 1)
      expect((await query("SELECT $1::int AS three", [three])).rows).toEqual([{ three }]);
    await vi.waitFor(async () => expect(await isHanging()).toBe(false), 5_000);
  } finally {
    await close();
    await watcher.end();
  }
}

/** The table as releases made it before there was `owner`. */
const PREVIOUS_TABLE = `
  CREATE TABLE "session" (
    "sid" varchar NOT NULL COLLATE "default", "sess" json NOT NULL, "expire" timestamp(6) NOT NULL,
    CONSTRAINT "session_pkey" PRIMARY KEY ("sid")
  );
  CREATE INDEX "IDX_session_expire" ON "session" ("expire")`;

/** The statements that a dyno of the previous release sends, on a separate connection. */
async function previousRelease() {
  const client = new Pool({ connectionString: addon.vars.DATABASE_URL, max: 1 });
  client.on("error", () => {});
  return {
    async write(key = newKey(), sealed = "abc") {
      const values = [key, JSON.stringify({ version: "1", sealed }), Date.now() + HOUR_MS];
      await client.query(
        `INSERT INTO "session" (sid, sess, expire) VALUES ($1, $2, to_timestamp($3::float8 / 1000) AT TIME ZONE 'UTC')`,
        values,
      );
      await client.query('SELECT sess FROM "session" WHERE sid = $1', [key]);
    },
    end: () => client.end(),
  };
}

const indexIsValid = async () =>
  (
    await pool.query(
      `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('"IDX_session_owner"')`,
    )
  ).rows[0]?.indisvalid ?? null;

describe("a row that the previous release wrote has no owner, and is not listed,", () => {
  const owner = { hash: "0".repeat(64), until: Date.now() + HOUR_MS };

  test.each([
    ["write", (key: string) => store.update(key, { ...inOneHour(), owner }, "1")],
    ["touch", (key: string) => store.touch(key, Date.now() + HOUR_MS, owner)],
  ])("until its next %s", async (_, change) => {
    const key = newKey();
    const old = await previousRelease();
    await old.write(key);
    await old.end();
    const isListed = async () => (await store.list?.(owner.hash))?.some((one) => one.key === key);
    expect(await isListed()).toBe(false);
    await change(key);
    expect(await isListed()).toBe(true);
  });
});

describe("the table", () => {
  /** Columns, constraints and indexes of the table `session` in one schema. */
  async function describeTable(schema: string) {
    const { rows } = await pool.query(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS is, attnotnull::text AS note
         FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0
       UNION ALL SELECT conname, pg_get_constraintdef(oid), condeferrable::text
         FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'
       UNION ALL SELECT indexname, replace(indexdef, $2 || '.', ''), ''
         FROM pg_indexes WHERE schemaname = $2
       ORDER BY 1, 2`,
      [`${schema}.session`, schema],
    );
    return rows;
  }

  test("is the one that connect-pg-simple makes, and `owner` with its index", async () => {
    const Store = connectPgSimple({ Store: class {} } as never);
    await pool.query("CREATE SCHEMA theirs");
    await pool.query("SET search_path TO theirs");
    const theirs = new Store({ pool, schemaName: "theirs", createTableIfMissing: true });
    await promisify((done: (error: unknown) => void) => theirs.get("none", done))();
    theirs.close();
    await pool.query("SET search_path TO public");
    const ours = await describeTable("public");
    const isOwner = ({ name }: { name: string }) => /owner/.test(name);
    expect(ours.filter((part) => !isOwner(part))).toEqual(await describeTable("theirs"));
    expect(ours.filter(isOwner)).toEqual([
      {
        name: "IDX_session_owner",
        is: expect.stringMatching(/\(owner\) WHERE \(owner IS NOT NULL\)$/),
        note: "",
      },
      { name: "owner", is: "character varying", note: "false" },
    ]);
  });

  test("is made once where ten releases run at once on an empty database, and again is fine", async () => {
    await pool.query('DROP TABLE "session"');
    const outputs = await Promise.all(Array.from({ length: 10 }, () => release(addon.vars)));
    expect(outputs).toHaveLength(10);
    await release(addon.vars);
    expect(await store.read(newKey())).toBeNull();
  }, 30_000);

  test("gets its column and index from a release while the previous one reads and writes", async () => {
    await pool.query('DROP TABLE "session"');
    await pool.query(PREVIOUS_TABLE);
    const old = await previousRelease();
    try {
      const releasing = release(addon.vars);
      let isReleased = false;
      const writes = (async () => {
        while (!isReleased) await old.write();
      })();
      await releasing;
      isReleased = true;
      await writes;
      await old.write(); // its statements are as good on the new table
      expect(await indexIsValid()).toBe(true);
    } finally {
      await old.end();
    }
  }, 30_000);

  test("an index that a failed release left invalid is built again", async () => {
    // CONCURRENTLY leaves the index that it could not complete: here it is unique, and two rows are alike.
    const owner = { hash: "1".repeat(64), until: Date.now() + HOUR_MS };
    for (const key of [newKey(), newKey()]) await store.create(key, { ...inOneHour(), owner });
    await pool.query('DROP INDEX "IDX_session_owner"');
    const unfinished = 'CREATE UNIQUE INDEX CONCURRENTLY "IDX_session_owner" ON "session" (owner)';
    await expect(pool.query(unfinished)).rejects.toThrow("could not create unique index");
    expect(await indexIsValid()).toBe(false);
    await release(addon.vars);
    expect(await indexIsValid()).toBe(true);
  });

  test("waits for no transaction that only reads: a second release changes nothing and locks nothing", async () => {
    const reader = new Pool({ connectionString: addon.vars.DATABASE_URL, max: 1 });
    const client = await reader.connect();
    await client.query('BEGIN; SELECT FROM "session"'); // as a backup does, for an hour
    await release(addon.vars);
    await client.query("COMMIT");
    client.release();
    await reader.end();
  });

  test("cannot be made without DATABASE_URL, nor where nothing listens: exit code 1 and what to do", async () => {
    await expect(release({})).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[db-app] Missing config var `DATABASE_URL`"),
    });
    await expect(release({ DATABASE_URL: "postgres://127.0.0.1:1/none" })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\[db-app\].*ECONNREFUSED.*`DATABASE_URL`/),
    });
  });
});

describe("an Express app on the same table", () => {
  const Store = connectPgSimple({ Store: class {} } as never);

  test("sees which sessions exist, with the cookie that express-session wants, and cannot read them", async () => {
    const key = newKey();
    await store.create(key, inOneHour());
    const express = new Store({ pool });
    const found = await promisify((done: (error: unknown, found: unknown) => void) =>
      express.get(key, done),
    )();
    express.close();
    expect(found).toMatchObject({
      cookie: { originalMaxAge: expect.any(Number), expires: expect.any(String), path: "/" },
      sealed: "abc",
    });
  });

  test("inserts, replaces, touches and deletes its own on the table with `owner`", async () => {
    const key = newKey();
    const express = new Store({ pool });
    const lasting = (hours: number) => ({ expires: new Date(Date.now() + hours * HOUR_MS) });
    const set = (note: string) =>
      promisify((done: (error: unknown) => void) =>
        express.set(key, { note, cookie: lasting(1) } as never, done),
      )();
    await set("one");
    await set("two");
    const row = async () => {
      const { rows } = await pool.query(
        `SELECT sess->>'note' AS note, owner, expire > now() + interval '90 minutes' AS touched
           FROM "session" WHERE sid = $1`,
        [key],
      );
      return rows[0];
    };
    expect(await row()).toEqual({ note: "two", owner: null, touched: false });
    await promisify((done: (error: unknown) => void) =>
      express.touch(key, { cookie: lasting(2) } as never, done as never),
    )();
    expect(await row()).toMatchObject({ note: "two", owner: null, touched: true });
    await promisify((done: (error: unknown) => void) => express.destroy(key, done))();
    expect(await row()).toBeUndefined();
    express.close();
  });

  test("prunes what has expired and nothing else", async () => {
    const [old, young] = [newKey(), newKey()];
    await store.create(old, { sealed: "abc", expiresAt: Date.now() - HOUR_MS });
    await store.create(young, inOneHour());
    const express = new Store({ pool });
    await promisify((done: (error: unknown) => void) => express.pruneSessions(done))();
    express.close();
    const { rows } = await pool.query('SELECT sid FROM "session" WHERE sid IN ($1, $2)', [
      old,
      young,
    ]);
    expect(rows).toEqual([{ sid: young }]);
  });
});

/** Advances the clock of a new store until it must have pruned; `meanwhile` is after 7 minutes. */
async function prune(meanwhile = async () => {}): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const pruning = postgresStore(addon.vars);
  const marker = newKey();
  await store.create(marker, { sealed: "abc", expiresAt: Date.now() - 48 * HOUR_MS });
  try {
    vi.advanceTimersByTime(7 * 60_000);
    // On both connections: one that opened while the clock jumps would be too late.
    await Promise.all([pruning.ready(), pruning.ready()]);
    await meanwhile();
    vi.advanceTimersByTime(16 * 60_000);
    vi.useRealTimers();
    await vi.waitFor(async () => expect(await isThere(marker)).toBe(false), 10_000);
  } finally {
    vi.useRealTimers();
    await pruning.close();
  }
}

const isThere = async (key: string) =>
  (await pool.query('SELECT FROM "session" WHERE sid = $1', [key])).rowCount === 1;

test("deletes what has expired by itself, every 8 to 23 minutes", async () => {
  const key = newKey();
  await store.create(key, { sealed: "abc", expiresAt: Date.now() - 1_000 });
  await prune(async () => expect(await isThere(key)).toBe(true));
  expect(await isThere(key)).toBe(false);
});

describe.each(["Asia/Tokyo", "America/Los_Angeles"])("where connections begin in %s", (zone) => {
  beforeAll(() => pool.query(`ALTER ROLE CURRENT_USER SET timezone TO '${zone}'`));
  afterAll(() => pool.query("ALTER ROLE CURRENT_USER RESET timezone"));

  /** One session that is over by a second, and one that ends in an hour. */
  async function twoSessions(store: SessionStore) {
    const [over, alive] = [newKey(), newKey()];
    const expiresAt = Date.now() + HOUR_MS;
    await store.create(over, { sealed: "abc", expiresAt: Date.now() - 1_000 });
    await store.create(alive, { sealed: "abc", expiresAt });
    return { over, alive, expiresAt };
  }

  test("sessions end when they should, and `expire` is UTC", async () => {
    const far = postgresStore(addon.vars);
    try {
      const { over, alive, expiresAt } = await twoSessions(far);
      expect(await far.read(alive)).toEqual({ sealed: "abc", expiresAt, version: "1" });
      expect(await far.read(over)).toBeNull();
      expect(await far.touch(over, expiresAt)).toBe(false);
      expect(await far.update(over, inOneHour(), "1")).toEqual({ result: "gone" });
      expect(await far.destroy(over, "1")).toBe("gone");
      expect(await far.destroy(alive, "2")).toBe("conflict");
      const later = expiresAt + HOUR_MS;
      expect(await far.touch(alive, later)).toBe(true);
      expect(await far.read(alive)).toMatchObject({ expiresAt: later });
      expect(await far.update(alive, { sealed: "def", expiresAt }, "1")).toMatchObject({
        result: "saved",
      });
      const { rows } = await pool.query('SELECT expire::text FROM "session" WHERE sid = $1', [
        alive,
      ]);
      expect(Date.parse(`${rows[0].expire.replace(" ", "T")}Z`)).toBe(expiresAt);
    } finally {
      await far.close();
    }
  });

  test("what is pruned has expired", async () => {
    const { over, alive } = await twoSessions(store);
    await prune();
    expect({ over: await isThere(over), alive: await isThere(alive) }).toEqual({
      over: false,
      alive: true,
    });
  });

  test("an Express app needs UTC in its connection: without it, its pruning is wrong by hours", async () => {
    for (const [options, isRight] of [
      ["-c timezone=UTC", true],
      [undefined, false],
    ] as const) {
      const { over, alive } = await twoSessions(store);
      const theirs = new Pool({ connectionString: addon.vars.DATABASE_URL, max: 1, options });
      const express = new (connectPgSimple({ Store: class {} } as never))({ pool: theirs });
      await promisify((done: (error: unknown) => void) => express.pruneSessions(done))();
      express.close();
      await theirs.end();
      const found = [await isThere(over), await isThere(alive)];
      if (isRight) expect(found).toEqual([false, true]);
      else expect(found).not.toEqual([false, true]);
    }
  });
});

test("a row that Express stored, without our data, reads as no session", async () => {
  const key = newKey();
  await pool.query(
    `INSERT INTO "session" VALUES ($1, '{"cookie":{}}', now() + interval '1 hour')`,
    [key],
  );
  expect(await store.read(key)).toBeNull();
});

/** Stores and reads 300 sessions at once, between statements that fail. */
async function neverMixedUp(stores: readonly SessionStore[]): Promise<void> {
  const all = Array.from({ length: 300 }, newKey);
  const storeOf = (place: number) => stores[place % stores.length] as SessionStore;
  await Promise.all(all.map((key, i) => storeOf(i).create(key, { ...inOneHour(), sealed: key })));
  for (let round = 0; round < 3; round += 1) {
    const found = await Promise.all(
      all.map(async (key, i) => {
        const reader = storeOf(i + round);
        if (i % 10 === 0)
          await expect(reader.create(key, inOneHour())).rejects.toThrow("duplicate");
        return reader.read(key);
      }),
    );
    expect(found.map((session) => session?.sealed)).toEqual(all);
  }
}

test.each(["true", "false"])(
  "parallel reads of different sessions are never mixed up, also around statements that fail; prepared: %s",
  async (prepared) => {
    const fresh = postgresStore({ ...addon.vars, DATABASE_PREPARED_STATEMENTS: prepared });
    await neverMixedUp([fresh, store]);
    await fresh.close();
  },
);

test.each(["true", "false"])(
  "a query without an answer ends after its time limit, with its connection and on the server too; prepared: %s",
  (prepared) => endsAfterItsLimit({ ...addon.vars, DATABASE_PREPARED_STATEMENTS: prepared }),
);

test("uses at most DATABASE_POOL_MAX connections, two where it is not set", async () => {
  for (const [vars, most] of [
    [{}, 2],
    [{ DATABASE_POOL_MAX: "3" }, 3],
  ] as const) {
    const name = `pool-of-${most}`;
    const DATABASE_URL = `${addon.vars.DATABASE_URL}?application_name=${name}`;
    const busy = postgresStore({ DATABASE_URL, ...vars });
    await Promise.all(Array.from({ length: 50 }, () => busy.read(newKey())));
    const { rowCount } = await pool.query(
      "SELECT FROM pg_stat_activity WHERE application_name = $1",
      [name],
    );
    expect(rowCount).toBe(most);
    await busy.close();
  }
});

test("PGSSLMODE decides about TLS, whatever the host: none, checked, or not checked", async () => {
  const refusals = { disable: /no encryption/, require: /self-signed certificate/ };
  for (const [mode, message] of Object.entries(refusals)) {
    vi.stubEnv("PGSSLMODE", mode);
    const other = postgresStore(addon.vars);
    await expect(other.read(newKey())).rejects.toThrow(message);
    await other.close();
    vi.unstubAllEnvs();
  }
});

describe("when Postgres fails", () => {
  test("a connection that breaks while it is idle ends neither the process nor the next request", async () => {
    await store.read(newKey());
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()",
    );
    await vi.waitFor(async () => {
      const { rowCount } = await pool.query(
        "SELECT FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()",
      );
      expect(rowCount).toBe(0);
    });
    await new Promise((done) => setTimeout(done, 50)); // for the store's sockets to hear of it too
    expect(await store.read(newKey())).toBeNull();
  });

  test("every verb fails at once, and the sessions are there again when it is back", async () => {
    const key = newKey();
    await store.create(key, inOneHour());
    await addon.stop();
    const started = performance.now();
    await expect(store.read(key)).rejects.toThrow();
    await expect(store.ready()).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(2_000);
    await addon.start();
    expect(await store.read(key)).toMatchObject({ sealed: "abc" });
  }, 20_000);

  test("a server that accepts and never answers is given up on", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const hung = postgresStore({ DATABASE_URL: `postgres://ada:pw@127.0.0.1:${port}/none` });
    await expect(hung.read(newKey())).rejects.toThrow(/timeout/);
    await hung.close();
    silent.close();
  }, 10_000);
});
