import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { type Addon, startMemcached, startRedis } from "@repo/addons";
import type { SessionOwner, SessionStore } from "@repo/session/strategy";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cacheStore } from "../session.ts";
import { connect } from "./memcached-connection.ts";
import { memcachedOwners } from "./memcached-owners.ts";

const HOUR_MS = 3_600_000;

/** The shape of a key and of an owner: SHA-256 in hex. */
const newHash = () => createHash("sha256").update(randomUUID()).digest("hex");
const newOwner = (): SessionOwner => ({ hash: newHash(), until: Date.now() + 2 * HOUR_MS });
const inOneHour = (owner: SessionOwner) => ({
  sealed: "abc",
  expiresAt: Date.now() + HOUR_MS,
  owner,
});
const listed = async (store: SessionStore, owner: SessionOwner) =>
  ((await store.list?.(owner.hash)) ?? []).map(({ key }) => key).sort();

async function signIn(store: SessionStore, owner: SessionOwner): Promise<string> {
  const key = newHash();
  await store.create(key, inOneHour(owner));
  return key;
}

describe("memcached", () => {
  let addon: Addon;
  let store: SessionStore;

  beforeAll(async () => {
    addon = await startMemcached({ sasl: false });
    store = cacheStore(addon.vars);
  }, 30_000);

  afterAll(async () => {
    await store?.close();
    await addon?.remove();
  });

  test("where it evicts the list of an owner, their sessions live on unlisted, each until its next touch or a change of its owner", async () => {
    const owner = newOwner();
    const [one, two] = [await signIn(store, owner), await signIn(store, owner)];
    await evict(`owner-${owner.hash}`);
    expect(await listed(store, owner)).toEqual([]);
    expect(await store.read(one)).not.toBeNull(); // so "end all others" would miss it
    await store.touch(one, Date.now() + HOUR_MS, owner);
    expect(await listed(store, owner)).toEqual([one]);
    const three = await signIn(store, owner);
    expect(await listed(store, owner)).toEqual([one, three].sort());
    expect(await store.read(two)).not.toBeNull();
  });

  test("a list that is read while a session gets a new id finds it under the new one", async () => {
    const owner = newOwner();
    const old = await signIn(store, owner);
    let later: string | undefined;
    const connection = connect({ server: addon.vars.MEMCACHIER_SERVERS ?? "" });
    const owners = memcachedOwners(
      () => connection,
      async (key) => {
        if (!later) {
          later = await signIn(store, owner);
          await store.destroy(old);
        }
        const found = await store.read(key);
        return found && { ...found, owner: owner.hash };
      },
    );
    expect((await owners.list(owner.hash)).map(({ key }) => key)).toEqual([later]);
    connection.close();
  });

  test("a session that it evicts leaves the list", async () => {
    const owner = newOwner();
    const [one, two] = [await signIn(store, owner), await signIn(store, owner)];
    await evict(one);
    expect(await listed(store, owner)).toEqual([two]);
  });

  test("a list holds 1,000 sessions: one more sign-in ends the oldest instead of hiding it", async () => {
    const owner = newOwner();
    const full = Array.from({ length: 1_000 }, newHash);
    const [first = "", second = ""] = full;
    const alive = { sealed: "abc", expiresAt: Date.now() + HOUR_MS };
    await Promise.all(full.map((key) => store.create(key, alive)));
    const item = [owner.until, ...full].join(" ");
    await ask(`set owner-${owner.hash} 0 0 ${item.length}\r\n${item}`, "STORED");
    const last = await signIn(store, owner);
    const found = await Promise.all([first, second, last].map((key) => store.read(key)));
    expect(found.map((session) => session !== null)).toEqual([false, true, true]);
    expect(await listed(store, owner)).toEqual([last]); // the others have no owner
  });

  /** Sends a command of the text protocol. */
  async function ask(command: string, expected: string): Promise<void> {
    const [host, port] = (addon.vars.MEMCACHIER_SERVERS ?? "").split(":");
    const socket = connectSocket(Number(port), host);
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, "data");
    socket.destroy();
    expect(String(answer)).toBe(`${expected}\r\n`);
  }

  /** Deletes an item as an eviction does. */
  const evict = (key: string) => ask(`delete ${key}`, "DELETED");
});

describe("Redis", () => {
  let addon: Addon;
  let store: SessionStore;
  let client: ReturnType<typeof createClient>;

  beforeAll(async () => {
    addon = await startRedis({ tls: false });
    store = cacheStore(addon.vars);
    client = createClient({ url: addon.vars.REDIS_URL ?? "" });
    await client.connect();
  }, 30_000);

  afterAll(async () => {
    client?.destroy();
    await store?.close();
    await addon?.remove();
  });

  const members = (owner: SessionOwner) => client.zCard(`owner:${owner.hash}`);

  test("expired sessions do not accumulate in the set of their owner, and the set ends with the last", async () => {
    const owner = newOwner();
    const set = `owner:${owner.hash}`;
    const one = await signIn(store, owner);
    const expired = Array.from({ length: 5 }, () => ({ value: newHash(), score: Date.now() - 1 }));
    await client.zAdd(set, expired);
    const stored = inOneHour(owner);
    const two = newHash();
    await store.create(two, stored);
    expect(await members(owner)).toBe(2);
    expect(await client.pExpireTime(set)).toBe(stored.expiresAt);
    for (const key of [one, two]) await store.destroy(key);
    expect(await client.exists(set)).toBe(0);
  });

  test("a session that it evicts leaves the set at the next list", async () => {
    const owner = newOwner();
    const [one, two] = [await signIn(store, owner), await signIn(store, owner)];
    await client.del(`session:${one}`);
    expect(await listed(store, owner)).toEqual([two]);
    expect(await members(owner)).toBe(1);
  });

  test("where it evicts the set of an owner, under an `allkeys-` policy, a session is unlisted until its next write or touch", async () => {
    const owner = newOwner();
    const [one, two] = [await signIn(store, owner), await signIn(store, owner)];
    await client.del(`owner:${owner.hash}`);
    expect(await listed(store, owner)).toEqual([]);
    expect(await store.read(one)).not.toBeNull();
    await store.touch(one, Date.now() + HOUR_MS, owner);
    await store.update(two, inOneHour(owner), "1");
    expect(await listed(store, owner)).toEqual([one, two].sort());
  });

  test("what a previous release stored is not listed until its next write or touch", async () => {
    const owner = newOwner();
    const key = newHash();
    await client.hSet(`session:${key}`, {
      sealed: "abc",
      version: "1",
      expiresAt: String(Date.now() + HOUR_MS),
    });
    expect(await listed(store, owner)).toEqual([]);
    await store.touch(key, Date.now() + HOUR_MS, owner);
    expect(await listed(store, owner)).toEqual([key]);
  });
});
