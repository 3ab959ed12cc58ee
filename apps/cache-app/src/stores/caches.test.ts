import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Addon, startMemcached, startRedis } from "@repo/addons";
import type { SessionStore } from "@repo/session/strategy";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { cacheStore } from "../session.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const caches = {
  memcached: () => startMemcached({ sasl: false }),
  "memcached with SASL": () => startMemcached({ sasl: true }),
  Redis: () => startRedis({ tls: false }),
  "Redis with TLS": () => startRedis({ tls: true }),
};

let keys = 0;
/** The shape of a key: SHA-256 in hex. */
const newKey = () => String(++keys).padStart(64, "0");
const stored = (milliseconds: number, sealed = "abc") => ({
  sealed,
  expiresAt: Date.now() + milliseconds,
});

describe.each(Object.entries(caches))("%s", (_name, start) => {
  let addon: Addon;
  let env: Record<string, string>;
  let store: SessionStore;

  beforeAll(async () => {
    addon = await start();
    env = { ...addon.vars, REDIS_TLS: "no-verify" };
    store = cacheStore(env);
  }, 30_000);

  afterAll(async () => {
    await store?.close();
    await addon?.remove();
  });

  test("keeps sessions for more than 30 days and for less than a second", async () => {
    const [long, short] = [newKey(), newKey()];
    await store.create(long, stored(400 * DAY_MS));
    const brief = stored(600);
    const version = await store.create(short, brief);
    expect(await store.read(long)).toMatchObject({ sealed: "abc" });
    expect(await store.read(short)).toMatchObject({ sealed: "abc" });
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(brief.expiresAt), 10_000);
    expect(await store.read(short)).toBeNull();
    expect(await store.touch(short, Date.now() + HOUR_MS)).toBe(false);
    expect(await store.update(short, stored(HOUR_MS), version)).toEqual({ result: "gone" });
  });

  test("never overwrites a session by a new one", async () => {
    const key = newKey();
    await store.create(key, stored(HOUR_MS));
    await expect(store.create(key, stored(HOUR_MS, "other"))).rejects.toThrow("taken");
    expect(await store.read(key)).toMatchObject({ sealed: "abc" });
  });

  test("moving the expiry changes no data and makes no conflict", async () => {
    const key = newKey();
    const version = await store.create(key, stored(HOUR_MS));
    const later = Date.now() + 2 * HOUR_MS;
    expect(await store.touch(key, later)).toBe(true);
    expect(await store.read(key)).toMatchObject({ sealed: "abc", expiresAt: later });
    const saved = await store.update(key, stored(HOUR_MS, "new"), version);
    expect(saved).toMatchObject({ result: "saved" });
    expect(await store.update(key, stored(HOUR_MS, "late"), version)).toEqual({
      result: "conflict",
    });
    expect(await store.read(key)).toMatchObject({ sealed: "new" });
  });

  test("an expiry that moves during a write neither loses the write nor undoes it", async () => {
    const key = newKey();
    let version = await store.create(key, stored(HOUR_MS));
    const later = Date.now() + 3 * HOUR_MS;
    for (let round = 0; round < 50; round += 1) {
      const sealed = `round${round}`;
      const touches = Array.from({ length: 3 }, () => store.touch(key, later));
      const [saved] = await Promise.all([
        store.update(key, stored(HOUR_MS, sealed), version),
        ...touches,
      ]);
      if (saved.result !== "saved") throw new Error(saved.result);
      version = saved.version;
      expect(await store.read(key)).toMatchObject({ sealed });
    }
  });

  test("of writers at once with the same version one is saved", async () => {
    const key = newKey();
    const version = await store.create(key, stored(HOUR_MS));
    const other = cacheStore(env);
    const updates = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? store : other).update(key, stored(HOUR_MS, `writer${i}`), version),
      ),
    );
    await other.close();
    expect(updates.filter(({ result }) => result === "saved")).toHaveLength(1);
    expect(updates.filter(({ result }) => result === "conflict")).toHaveLength(19);
  });

  test("a late write does not bring back what was destroyed", async () => {
    const key = newKey();
    const version = await store.create(key, stored(HOUR_MS));
    await store.destroy(key);
    await store.destroy(key);
    expect(await store.update(key, stored(HOUR_MS), version)).toEqual({ result: "gone" });
    expect(await store.touch(key, Date.now() + HOUR_MS)).toBe(false);
    expect(await store.read(key)).toBeNull();
  });

  test("parallel reads of different sessions are never mixed up, on the first connection neither", async () => {
    const all = Array.from({ length: 300 }, newKey);
    await Promise.all(
      all.map((key, i) => store.create(key, stored(HOUR_MS, `${key}.${"x".repeat(i * 50)}`))),
    );
    const fresh = cacheStore(env);
    for (const reader of [fresh, store, fresh]) {
      const found = await Promise.all(all.map((key) => reader.read(key)));
      found.forEach((session, i) => {
        expect(session?.sealed).toBe(`${all[i]}.${"x".repeat(i * 50)}`);
      });
    }
    await fresh.close();
  });

  test("what the cache evicted is gone, and no error", async () => {
    if (env.REDIS_URL) await limitRedis(env.REDIS_URL);
    const kept = stored(HOUR_MS, "x".repeat(60_000)); // 90 MB of them, where there is room for 64
    const versions = new Map<string, string>();
    for (let i = 0; i < 1_500; i += 1) {
      const key = newKey();
      versions.set(key, await store.create(key, kept));
    }
    const found = await Promise.all([...versions.keys()].map((key) => store.read(key)));
    const [key, version] = [...versions][found.indexOf(null)] ?? ["", ""];
    expect(key).not.toBe("");
    expect(await store.update(key, kept, version)).toEqual({ result: "gone" });
    expect(await store.touch(key, Date.now() + HOUR_MS)).toBe(false);
    await store.destroy(key);
  });

  test("an outage is answered at once, and what came back with the cache is found without a restart", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    await store.read(newKey());
    await addon.stop();
    for (let i = 0; i < 3; i += 1) {
      const started = performance.now();
      await expect(store.read(newKey())).rejects.toThrow();
      expect(performance.now() - started).toBeLessThan(2_000);
    }
    await expect(store.ready()).rejects.toThrow();
    const late = cacheStore(env);
    await expect(late.read(newKey())).rejects.toThrow();
    await addon.start();
    const key = newKey();
    await vi.waitFor(() => store.create(key, stored(HOUR_MS)), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await late.read(key)).toMatchObject({ sealed: "abc" }), {
      timeout: 5_000,
    });
    await late.close();
    log.mockRestore();
  }, 20_000);

  test("requests in progress fail when the cache is killed, and the next ones work", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const key = newKey();
    const big = "x".repeat(60_000);
    await store.create(key, stored(HOUR_MS, big));
    const reads = Array.from({ length: 200 }, () => store.read(key).catch(() => "failed" as const));
    await addon.restart();
    for (const found of await Promise.all(reads)) {
      if (found !== "failed") expect([undefined, big]).toContain(found?.sealed);
    }
    await vi.waitFor(async () => expect(await store.read(key)).toBeNull(), { timeout: 5_000 });
    await store.create(key, stored(HOUR_MS));
    expect(await store.read(key)).toMatchObject({ sealed: "abc" });
    log.mockRestore();
  }, 20_000);
});

/** As much room as memcached has here, and permission to evict: Redis has neither by default. */
async function limitRedis(url: string): Promise<void> {
  const tls = url.startsWith("rediss:") && { tls: true as const, rejectUnauthorized: false };
  const client = createClient({ url, socket: { ...tls } });
  await client.connect();
  await client.configSet({ maxmemory: "64mb", "maxmemory-policy": "volatile-lru" });
  client.destroy();
}

test("Memcached Cloud is found by its own config vars, and goes before Redis", async () => {
  const addon = await startMemcached({ plan: "memcachedcloud:30", sasl: true });
  const store = cacheStore({ ...addon.vars, REDIS_URL: "redis://127.0.0.1:1" });
  const key = newKey();
  await store.create(key, stored(HOUR_MS));
  expect(await store.read(key)).toMatchObject({ sealed: "abc" });
  await store.close();
  await addon.remove();
});

describe("a wrong config var is an error, never an empty cache", () => {
  test.each(["memcached with SASL", "Redis"] as const)("a wrong password: %s", async (cache) => {
    const addon = await caches[cache]();
    onTestFinished(() => addon.remove());
    const { REDIS_URL = "" } = addon.vars;
    const wrong = { MEMCACHIER_PASSWORD: "wrong", REDIS_URL: REDIS_URL.replace(/:p/, ":q") };
    const store = cacheStore({ ...addon.vars, ...wrong });
    await expect(store.read(newKey())).rejects.toThrow(/authentication failed|WRONGPASS/);
    await store.close();
  });

  test("a certificate that no authority signed, unless REDIS_TLS is no-verify", async () => {
    const addon = await startRedis({ tls: true });
    const store = cacheStore(addon.vars);
    await expect(store.read(newKey())).rejects.toThrow("self-signed certificate");
    await store.close();
    await addon.remove();
  });

  test("no cache at all", () => {
    expect(() => cacheStore({})).toThrow("[cache-app] Missing config var `MEMCACHIER_SERVERS`");
  });
});

test.concurrent.each([
  ["memcached", (port: number) => ({ MEMCACHIER_SERVERS: `127.0.0.1:${port}` })],
  ["Redis", (port: number) => ({ REDIS_URL: `redis://127.0.0.1:${port}` })],
])(
  "a %s that accepts and never answers is given up on, however many ask",
  async (_name, env) => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const store = cacheStore(env((silent.address() as AddressInfo).port));
    const started = performance.now();
    const first = store.read(newKey()).catch((error) => error);
    const more = setInterval(() => store.read(newKey()).catch(() => {}), 50);
    expect(await first).toBeInstanceOf(Error);
    expect(performance.now() - started).toBeLessThan(5_000);
    clearInterval(more);
    await store.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  },
  10_000,
);
