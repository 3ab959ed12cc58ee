/**
 * How long the app's own store takes to read one session out of few and out of millions, at a fixed rate and in turns, and
 * what a read takes while expired sessions are deleted.
 */
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "@repo/addons/ports";
import { createRelay } from "@repo/addons/relay";
import pg from "pg";
import { type Spread, spread } from "../measure.ts";
import { fillSection, machine, markdownTable, withEnds } from "../page.ts";
import { type Filled, type Kind, keyOf, memcached, postgres, redis, type Store } from "./stores.ts";

const PER_SECOND = 200;
const SMALL = 10_000;

/** Of the p95 of reads: by what it may grow with the size, and while expired sessions are deleted. */
const AIMS = { size: 1.3, pruning: 1.5 };

interface Options {
  /** `db-app`, `cache-app`, `cache-app:redis`; all where there are none. */
  names: readonly string[];
  /** Of Postgres. */
  sessions: number;
  /** Of memcached and Redis. */
  cached: number;
  rounds: number;
  seconds: number;
  write: boolean;
}

export async function benchScale(options: Options): Promise<void> {
  const { names, rounds, seconds, write } = options;
  const isWanted = (...called: string[]) =>
    names.length === 0 || called.some((name) => names.includes(name));
  const rows = [
    ...(isWanted("db-app") ? await scalePostgres(options) : []),
    ...(isWanted("cache-app") ? await scaleCache(memcached, options) : []),
    ...(isWanted("cache-app", "cache-app:redis") ? await scaleCache(redis, options) : []),
  ];
  if (rows.length === 0)
    throw new Error("[bench] --scale knows db-app, cache-app and cache-app:redis.");
  const text = [
    `Reads of the app's own store at ${PER_SECOND} a second, ${rounds} rounds of ${seconds} s, on ${machine()}.`,
    table(rows),
    aims(rows),
  ].join("\n\n");
  console.log(`\n${text}`);
  if (write) fillSection("bench-scale", text);
}

interface Row {
  readonly store: string;
  readonly sessions: number;
  readonly meanwhile: string;
  readonly aim?: number | undefined;
  readonly slices: Slice[];
}

interface Slice {
  p50: number;
  p95: number;
  p99: number;
  /** The p95 divided by that of the row it is compared with, in the same round. */
  ratio?: number;
}

async function scalePostgres({ sessions, rounds, seconds }: Options): Promise<Row[]> {
  const expired = Math.ceil(sessions / 10);
  const few = await fill(postgres, SMALL, 0);
  const many = await fill(postgres, sessions, expired);
  const [fewStore, manyStore] = [postgres.open(few.vars), postgres.open(many.vars)];
  const relayed = await openRelayed(postgres, few);
  const row = rowMaker(postgres.title);
  const small = row(SMALL);
  const relay = row(SMALL, "through the relay of `bin/dynos`");
  const large = row(sessions, "", AIMS.size);
  const pruning = row(sessions, "db-app deletes expired ones", AIMS.pruning);
  const atOnce = row(sessions, "one statement deletes the rest, as connect-pg-simple does");
  let [deleted, deletedMs] = [0, 0];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const base = await readAll(fewStore, few, seconds);
      small.slices.push(base);
      relay.slices.push(compare(await readAll(relayed.store, few, seconds), base));
      const calm = await readAll(manyStore, many, seconds);
      large.slices.push(compare(calm, base));
      const store = postgres.open(many.vars); // reads and deletes share its connections, as in a dyno
      const started = performance.now();
      const pruned = store.prune?.();
      pruning.slices.push(compare(await readAll(store, many, seconds), calm));
      await store.close();
      deleted += (await pruned) ?? 0;
      deletedMs += performance.now() - started;
    }
    const calm = await readAll(manyStore, many, seconds);
    const isOver = deleteAtOnce(many.vars);
    while (!(await Promise.race([isOver.then(() => true), pause(1)])))
      atOnce.slices.push(compare(await readAll(manyStore, many, seconds), calm));
  } finally {
    for (const store of [fewStore, manyStore]) await store.close();
    await relayed.close();
    for (const filled of [few, many]) await filled.stop();
  }
  const perSecond = thousands(Math.round((deleted * 1000) / deletedMs));
  const named = { ...pruning, meanwhile: `${pruning.meanwhile}, ${perSecond} a second` };
  return [small, relay, large, named, atOnce].filter(({ slices }) => slices.length > 0);
}

async function scaleCache(kind: Kind, { cached, rounds, seconds }: Options): Promise<Row[]> {
  const few = await fill(kind, SMALL, 0);
  const many = await fill(kind, cached, 0);
  const [fewStore, manyStore] = [kind.open(few.vars), kind.open(many.vars)];
  const relayed = await openRelayed(kind, few);
  const row = rowMaker(kind.title);
  const small = row(SMALL);
  const relay = row(SMALL, "through the relay of `bin/dynos`");
  const large = row(cached, "", AIMS.size);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const base = await readAll(fewStore, few, seconds);
      small.slices.push(base);
      relay.slices.push(compare(await readAll(relayed.store, few, seconds), base));
      large.slices.push(compare(await readAll(manyStore, many, seconds), base));
    }
  } finally {
    for (const store of [fewStore, manyStore]) await store.close();
    await relayed.close();
    for (const filled of [few, many]) await filled.stop();
  }
  return [small, relay, large];
}

async function fill(kind: Kind, sessions: number, expired: number): Promise<Filled> {
  console.log(`[bench] Filling ${kind.title} with ${thousands(sessions)} sessions …`);
  const started = performance.now();
  const filled = await kind.fill(sessions, expired);
  console.log(`[bench] … in ${Math.round((performance.now() - started) / 1000)} s`);
  return filled;
}

/** The same store, reached through what stands between a local dyno and its add-on. */
async function openRelayed(kind: Kind, { vars }: Filled) {
  const [, storePort] =
    Object.values(vars)
      .join(" ")
      .match(/127\.0\.0\.1:(\d+)/) ?? [];
  const port = await freePort();
  const relay = createRelay(port, Number(storePort));
  await relay.open();
  const entries = Object.entries(vars).map(([name, value]) => [
    name,
    value.replace(`127.0.0.1:${storePort}`, `127.0.0.1:${port}`),
  ]);
  const store = kind.open(Object.fromEntries(entries));
  return {
    store,
    async close() {
      await store.close();
      await relay.shut();
    },
  };
}

/** Reads random sessions at the fixed rate, after some that open the connections. */
async function readAll(store: Store, { sessions }: Filled, seconds: number): Promise<Slice> {
  const read = async () => {
    const started = performance.now();
    const session = Math.floor(Math.random() * sessions);
    if (!(await store.read(keyOf(session)))) throw new Error(`[bench] Session ${session} is gone.`);
    return performance.now() - started;
  };
  for (let count = 0; count < 20; count += 1) await read();
  const started = performance.now();
  const times = await Promise.all(
    Array.from({ length: PER_SECOND * seconds }, async (_, request) => {
      await pause(Math.max(0, started + (request * 1000) / PER_SECOND - performance.now()));
      return read();
    }),
  );
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const compare = (slice: Slice, other: Slice): Slice => ({ ...slice, ratio: slice.p95 / other.p95 });

async function deleteAtOnce({ DATABASE_URL }: Filled["vars"]): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  await client.query(`DELETE FROM "session" WHERE expire < now() AT TIME ZONE 'UTC'`);
  await client.end();
}

const rowMaker =
  (store: string) =>
  (sessions: number, meanwhile = "", aim?: number): Row => ({
    store,
    sessions,
    meanwhile,
    aim,
    slices: [],
  });

const ofSlices = (slices: readonly Slice[], figure: (slice: Slice) => number | undefined): Spread =>
  spread(slices.map((slice) => figure(slice) ?? Number.NaN));

const ratioOf = ({ slices }: Row) => ofSlices(slices, ({ ratio }) => ratio);

function table(rows: readonly Row[]): string {
  const head = ["store", "meanwhile", "sessions", "p50 ms", "p95 ms", "p99 ms", "p95, relative"];
  const cells = rows.map((row) => [
    row.store,
    row.meanwhile || "–",
    thousands(row.sessions),
    withEnds(
      ofSlices(row.slices, ({ p50 }) => p50),
      2,
    ),
    withEnds(
      ofSlices(row.slices, ({ p95 }) => p95),
      2,
    ),
    withEnds(
      ofSlices(row.slices, ({ p99 }) => p99),
      2,
    ),
    row.slices[0]?.ratio === undefined ? "1" : withEnds(ratioOf(row), 2),
  ]);
  return markdownTable(head, cells, 2);
}

/** One line for each aim, with its figure, whether it was reached or not. */
function aims(rows: readonly Row[]): string {
  return rows
    .flatMap(({ aim, ...row }) => {
      if (aim === undefined) return [];
      const { median } = ratioOf(row);
      const title = `${row.store}, ${row.meanwhile || `${thousands(row.sessions)} sessions`}`;
      const verdict = median <= aim ? "reached" : "missed";
      return [`- ${title}: p95 at most ${aim} ×: ${verdict}, ${median.toFixed(2)}`];
    })
    .join("\n");
}

const thousands = (count: number) => count.toLocaleString("en");
