import memjs from "memjs";
import pg from "pg";
import { createClient } from "redis";
import { afterEach, expect, onTestFinished, test } from "vitest";
import type { Addon } from "./addon.ts";
import { findProgram } from "./machine/programs.ts";
import { startMemcached } from "./memcached.ts";
import { hasPgbouncer } from "./pgbouncer.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import { answers } from "./server.ts";
import { planAddons, serviceOf } from "./services.ts";

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

async function forTest(starting: Promise<Addon>): Promise<Addon> {
  const addon = await starting;
  onTestFinished(() => addon.remove());
  return addon;
}

async function postgresClient(
  addon: Addon,
  configVar = "DATABASE_URL",
  parameters: pg.ClientConfig = {},
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: addon.vars[configVar] ?? "",
    ssl: { rejectUnauthorized: false },
    ...parameters,
  });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

test("Postgres keeps its data when it is stopped and started, under the same address", async () => {
  const addon = await forTest(startPostgres());
  const before = await postgresClient(addon);
  await before.query("CREATE TABLE kept (word text)");
  await before.query("INSERT INTO kept VALUES ('yes')");
  await addon.stop();
  expect(addon.state()).toBe("stopped");
  await expect(postgresClient(addon)).rejects.toThrow("ECONNREFUSED");
  await addon.start();
  expect(addon.state()).toBe("available");
  const after = await postgresClient(addon);
  expect((await after.query("SELECT word FROM kept")).rows).toEqual([{ word: "yes" }]);
  expect(addon.fillable).toBe(false);
  await expect(addon.disturb({ kind: "fill" })).rejects.toThrow("no limit on this machine");
});

test("Postgres demands TLS, the right password, and allows the plan's 20 connections", async () => {
  const addon = await forTest(startPostgres());
  const url = addon.vars.DATABASE_URL ?? "";
  const plain = new pg.Client({ connectionString: url });
  await expect(plain.connect()).rejects.toThrow("no encryption");
  const verified = new pg.Client({ connectionString: url, ssl: true });
  await expect(verified.connect()).rejects.toThrow("self-signed");
  const wrong = new pg.Client({
    connectionString: url.replace(/:p[0-9a-f]+@/, ":wrong@"),
    ssl: { rejectUnauthorized: false },
  });
  await expect(wrong.connect()).rejects.toThrow("password authentication failed");

  await Promise.all(Array.from({ length: 20 }, () => postgresClient(addon)));
  await expect(postgresClient(addon)).rejects.toThrow("too many connections");
});

test.skipIf(!hasPgbouncer())(
  "PgBouncer beside Postgres' own address, as Heroku's: shares few connections and takes no foreign start-up parameter",
  async () => {
    const addon = await forTest(startPostgres({ pooler: true }));
    const POOL = "DATABASE_CONNECTION_POOL_URL";
    const clients = await Promise.all(
      Array.from({ length: 30 }, () => postgresClient(addon, POOL)),
    );
    const pids = await Promise.all(
      clients.map(async (client) => (await client.query("SELECT pg_backend_pid() AS pid")).rows[0]),
    );
    expect(new Set(pids.map(({ pid }) => pid)).size).toBeLessThanOrEqual(5);
    const foreign = { statement_timeout: 1_000 };
    await expect(postgresClient(addon, POOL, foreign)).rejects.toThrow(
      "unsupported startup parameter",
    );
    await postgresClient(addon, "DATABASE_URL", foreign); // not through the pool
    await addon.disturb({ kind: "slow", ms: 300 });
    const started = performance.now();
    await clients[0]?.query("SELECT 1"); // what disturbs Postgres reaches the pool too
    expect(performance.now() - started).toBeGreaterThan(290);
    addon.disturb(null);
    await addon.restart();
    for (const configVar of ["DATABASE_URL", POOL]) {
      const client = await postgresClient(addon, configVar);
      expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    }
  },
);

test("a `direct` add-on has no relay: its server listens at the address, and nothing can disturb it", async () => {
  const addon = await forTest(startRedis({ tls: false, direct: true }));
  const { port } = new URL(addon.vars.REDIS_URL ?? "");
  expect(await answers(Number(port))).toBe(true);
  await expect(addon.disturb({ kind: "cut" })).rejects.toThrow("was started `direct`");
  await addon.stop();
  expect(await answers(Number(port))).toBe(false);
  await addon.start();
  expect(await answers(Number(port))).toBe(true);
});

test("a pooler without a Postgres is an error", () => {
  const plans = [{ plan: "heroku-redis:mini" }];
  expect(() => planAddons(plans, {}, { pooler: true })).toThrow(
    "[addons] A pooler needs the add-on `heroku-postgresql`",
  );
});

test("memcached asks for name and password, and forgets everything on a restart", async () => {
  const addon = await forTest(startMemcached());
  const { MEMCACHIER_SERVERS, MEMCACHIER_USERNAME, MEMCACHIER_PASSWORD } = addon.vars;
  const connect = (password?: string) => {
    const options = { username: MEMCACHIER_USERNAME, password, retries: 0, logger: { log() {} } };
    const client = memjs.Client.create(MEMCACHIER_SERVERS, options as memjs.ClientOptions);
    onTestFinished(() => client.close());
    return client;
  };
  const client = connect(MEMCACHIER_PASSWORD);
  await client.set("word", "yes", { expires: 60 });
  expect(String((await client.get("word")).value)).toBe("yes");
  await expect(connect("wrong").get("word")).rejects.toBeDefined();

  await addon.restart();
  expect((await connect(MEMCACHIER_PASSWORD).get("word")).value).toBeNull();
});

test("memcached without SASL says so, and has no name and no password", async () => {
  const addon = await forTest(startMemcached({ sasl: false, plan: "memcachedcloud:30" }));
  expect(Object.keys(addon.vars)).toEqual(["MEMCACHEDCLOUD_SERVERS"]);
  expect(addon.notes[0]).toContain("without SASL");
});

test("Redis speaks TLS with a password, and forgets everything on a restart", async () => {
  const addon = await forTest(startRedis());
  const connect = async (url = addon.vars.REDIS_URL ?? "") => {
    const client = createClient({
      url,
      socket: { rejectUnauthorized: false, reconnectStrategy: false },
    });
    client.on("error", () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    return client;
  };
  expect(addon.vars.REDIS_URL).toMatch(/^rediss:\/\/:/);
  const client = await connect();
  await client.set("word", "yes");
  await expect(connect(addon.vars.REDIS_URL?.replace(/:p\w+@/, ":wrong@"))).rejects.toThrow(
    "WRONGPASS",
  );
  await addon.restart();
  expect(await (await connect()).get("word")).toBeNull();
});

test("Redis without TLS says so", async () => {
  const addon = await forTest(startRedis({ tls: false }));
  expect(addon.vars.REDIS_URL).toMatch(/^redis:\/\//);
  expect(addon.notes[0]).toContain("without TLS");
});

test("an add-on that is removed leaves no server", async () => {
  const addon = await startRedis();
  const port = Number(new URL(addon.vars.REDIS_URL ?? "").port);
  expect(await answers(port)).toBe(true);
  await addon.remove();
  expect(await answers(port)).toBe(false);
});

test("a server that is not installed: the message says how to get it", async () => {
  process.env.PATH = "/nowhere";
  await expect(startRedis()).rejects.toThrow(
    /Missing program `redis-server`[\s\S]*brew install[\s\S]*apt-get install redis-server[\s\S]*docker run/,
  );
  await expect(startMemcached()).rejects.toThrow(/--env MEMCACHIER_SERVERS=127\.0\.0\.1:11211/);
});

test("two add-ons of a service have different names, `as` gives other config vars, and a given one needs none", async () => {
  const requests = [
    { plan: "heroku-redis:mini" },
    { plan: "heroku-redis:mini", as: "QUEUE" },
    { plan: "heroku-postgresql" },
  ];
  const planned = planAddons(requests, { DATABASE_URL: "postgres://mine" });
  expect(planned.map(({ name }) => name)).toEqual(["heroku-redis", "heroku-redis-2"]);
  const second = await forTest(planned[1]?.start({}) ?? startRedis());
  expect(Object.keys(second.vars)).toEqual(["QUEUE_URL"]);
});

test("an add-on without a local server is refused by name", () => {
  expect(() => planAddons([{ plan: "newrelic:wayne" }], {})).toThrow(
    "The add-on `newrelic` has no local server. Use one of these: heroku-postgresql, memcachier",
  );
});

test.each([
  ["heroku-postgresql:essential-0", "postgres", /^\d+\.\d+/],
  ["heroku-redis:mini", /^(valkey|redis)$/, /^\d+\.\d+\.\d+$/],
  ["memcachier:dev", "memcached", /^\d+\.\d+\.\d+$/],
])("%s says which server stands in for it here", (plan, name, version) => {
  const service = serviceOf(plan);
  expect(service?.version(), `Missing program \`${service?.server}\``).toEqual({
    name: expect.stringMatching(name),
    version: expect.stringMatching(version),
  });
});

test("the version is undefined where the server is missing, and there is no service of an unknown plan", () => {
  process.env.PATH = "/nowhere";
  if (!findProgram("memcached")) expect(serviceOf("memcachier:dev")?.version()).toBeUndefined();
  expect(serviceOf("newrelic:wayne")).toBeUndefined();
});

test("a full Redis refuses writes and keeps what it has, until it is emptied", async () => {
  const addon = await forTest(startRedis());
  const client = createClient({
    url: addon.vars.REDIS_URL ?? "",
    ...(addon.vars.REDIS_URL?.startsWith("rediss") && {
      socket: { tls: true, rejectUnauthorized: false },
    }),
  });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  await client.set("before", "kept");
  await addon.disturb({ kind: "fill" });
  // Redis frees a buffer now and then, which the filler takes within 0.1 s.
  const write = () => client.set("while full", "refused").catch(({ message }) => message);
  await expect.poll(write, { timeout: 10_000 }).toContain("OOM");
  expect(await client.get("before")).toBe("kept");
  await addon.disturb(null);
  await client.set("afterwards", "taken");
});

test("a full memcached evicts what was not used lately", async () => {
  const addon = await forTest(startMemcached());
  const { MEMCACHIER_SERVERS, MEMCACHIER_USERNAME, MEMCACHIER_PASSWORD } = addon.vars;
  const client = memjs.Client.create(MEMCACHIER_SERVERS, {
    ...(MEMCACHIER_USERNAME && { username: MEMCACHIER_USERNAME, password: MEMCACHIER_PASSWORD }),
  });
  onTestFinished(() => client.close());
  await client.set("before", "x".repeat(400), {});
  await addon.disturb({ kind: "fill" });
  expect((await client.get("before")).value).toBeNull();
  await client.set("while full", "taken", {});
  expect(String((await client.get("while full")).value)).toBe("taken");
});
