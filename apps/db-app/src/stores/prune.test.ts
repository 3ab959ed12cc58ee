import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Addon, startPostgres } from "@repo/addons";
import { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SharedConnections, sharedConnections } from "./connections.ts";
import { createPruner } from "./prune.ts";

process.env.PGSSLMODE = "no-verify";

let addon: Addon;
let pool: Pool;
const dynos: SharedConnections[] = [];

beforeAll(async () => {
  addon = await startPostgres();
  const script = new URL("../release.ts", import.meta.url).pathname;
  await promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...addon.vars } });
  const connectionString = addon.vars.DATABASE_URL;
  pool = new Pool({ connectionString, max: 2 });
  pool.on("error", () => {});
  for (const _ of [1, 2])
    dynos.push(sharedConnections({ connectionString, pipeline: true }, 1, 5_000));
}, 30_000);

afterAll(async () => {
  for (const { close } of dynos) await close();
  await pool?.end();
  await addon?.remove();
});

beforeEach(() => pool.query('TRUNCATE "session"'));

/** So many sessions that expired one after the other, and as many that have not. */
async function fill(expired: number): Promise<void> {
  await pool.query(
    `INSERT INTO "session" (sid, sess, expire)
     SELECT state || i, '{}', now() AT TIME ZONE 'UTC' + sign * (i + 600) * interval '1 second'
     FROM generate_series(1, $1::int) AS i, (VALUES ('expired', -1), ('alive', 1)) AS states (state, sign)`,
    [expired],
  );
}

const left = async (state: string) =>
  (await pool.query('SELECT FROM "session" WHERE sid LIKE $1', [`${state}%`])).rowCount;

function pruner(dyno = 0) {
  const queries: string[] = [];
  const { query } = dynos[dyno] as SharedConnections;
  const { prune, close } = createPruner((text, values) => {
    queries.push(String(text));
    return query(text, values);
  });
  return { prune, close, queries };
}

test("deletes what has expired and nothing else, a hundred at a time", async () => {
  await fill(150);
  const { prune, close, queries } = pruner();
  expect(await prune()).toBe(150);
  close();
  expect(queries).toHaveLength(2);
  expect([await left("expired"), await left("alive")]).toEqual([0, 150]);
});

test("leaves the connection as it was: only its own commits do not wait for the disk", async () => {
  await fill(10);
  const { prune, close } = pruner();
  const wait = async () => {
    const { rows } = await (dynos[0] as SharedConnections).query("SHOW synchronous_commit");
    return rows[0].synchronous_commit;
  };
  expect(await wait()).toBe("on");
  expect(await prune()).toBe(10);
  close();
  expect(await wait()).toBe("on");
});

test("stops between two batches when its dyno stops", async () => {
  await fill(250);
  const { prune, close } = pruner();
  const pruning = prune();
  close();
  expect(await pruning).toBe(100);
});

test("of two dynos that prune at once each deletes other sessions, and together all", async () => {
  await fill(150);
  const two = [pruner(0), pruner(1)];
  const counts = await Promise.all(two.map(({ prune }) => prune()));
  for (const { close } of two) close();
  expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(150);
  expect(await left("alive")).toBe(150);
});

test("while another dyno deletes a batch, it leaves the rest to that one", async () => {
  await fill(10);
  const other = await pool.connect();
  await other.query("BEGIN; SELECT pg_advisory_xact_lock(727367)");
  const { prune, close } = pruner();
  expect(await prune()).toBe(0);
  await other.query("COMMIT");
  other.release();
  expect(await prune()).toBe(10);
  close();
});

test("does not wait for a session that another transaction holds", async () => {
  await fill(10);
  const other = await pool.connect();
  await other.query(`BEGIN; SELECT FROM "session" WHERE sid = 'expired5' FOR UPDATE`);
  const { prune, close } = pruner();
  expect(await prune()).toBe(9);
  await other.query("COMMIT");
  other.release();
  close();
});
