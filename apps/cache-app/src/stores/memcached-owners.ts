import { countRoundTrip, type SessionOwner } from "@repo/session/strategy";
import { type Connection, flagsAndExpiry, opcode, status } from "./memcached-connection.ts";

/** At 65 bytes each a full item takes 65 KB, of memcached's 1 MB. No person has so many browsers. */
const MAX_KEYS = 1_000;

interface Found {
  sealed: string;
  expiresAt: number;
  owner: string;
}

interface OwnerItem {
  /** When the item may expire: the last absolute end of its sessions. */
  until: number;
  keys: string[];
  /** null where there is no item. */
  cas: string | null;
}

export interface MemcachedOwners {
  /** Adds a session that exists. Resolves when a `list` that begins then finds it. */
  add(owner: SessionOwner, key: string): Promise<void>;
  /** The sessions of an owner, by `SessionOwner.hash`. */
  list(owner: string): Promise<(Found & { key: string })[]>;
}

/**
 * Which sessions an owner has: one item `until key key …` per owner, oldest first, changed under CAS only. A key is in it
 * from before its sign-in is acknowledged; a key without its session is removed by any dyno that finds it, because no later
 * write restores a session.
 *
 * memcached evicts any item where it needs the memory, this one too. Then `list` misses sessions that live on, until each
 * is touched. This cannot be told from an owner without sessions, so an app that must end every session of a user takes
 * Postgres, or a Redis that does not evict.
 *
 * @param connectionOf the server that a key is on
 * @param get the session under a key; null where it is missing or expired
 */
export function memcachedOwners(
  connectionOf: (key: string) => Connection,
  get: (key: string) => Promise<Found | null>,
): MemcachedOwners {
  async function read(owner: string): Promise<OwnerItem> {
    const name = `owner-${owner}`;
    const { header, val } = await connectionOf(name).send(opcode.get, name);
    if (header.status === status.missing) return { until: 0, keys: [], cas: null };
    const [until, ...keys] = val.toString("latin1").split(" ");
    return { until: Number(until), keys, cas: header.cas.toString("hex") };
  }

  /** False where another request changed the item since it was read. `cas` is null where there was no item. */
  async function write(owner: string, until: number, keys: string[], cas: string | null) {
    const name = `owner-${owner}`;
    const operation = cas === null ? opcode.add : opcode.set;
    const value = [until, ...keys].join(" ");
    const parts = { extras: flagsAndExpiry(until), value, cas: cas ?? undefined };
    countRoundTrip();
    return (await connectionOf(name).send(operation, name, parts)).header.status === status.ok;
  }

  /** The sessions that exist, of whichever owner. */
  async function find(keys: string[]) {
    if (keys.length > 0) countRoundTrip();
    const found = await Promise.all(keys.map(async (key) => ({ key, session: await get(key) })));
    return found.flatMap(({ key, session }) => (session ? [{ ...session, key }] : []));
  }

  const owners: MemcachedOwners = {
    async add(owner, key) {
      countRoundTrip();
      const item = await read(owner.hash);
      const until = Math.max(item.until, owner.until);
      if (item.keys.includes(key) && until === item.until) return;
      let keys = item.keys.filter((known) => known !== key);
      if (keys.length >= MAX_KEYS) {
        keys = (await find(keys)).map((session) => session.key);
        // Full of sessions that exist: the oldest ends. Left out, it would live on unseen.
        const oldest = keys.splice(0, Math.max(0, keys.length - MAX_KEYS + 1));
        await Promise.all(oldest.map((old) => connectionOf(old).send(opcode.delete, old)));
      }
      if (await write(owner.hash, until, [...keys, key], item.cas)) return;
      return owners.add(owner, key); // another sign-in was faster: try again
    },

    async list(owner) {
      const { until, keys, cas } = await read(owner);
      const found = await find(keys);
      if (found.length < keys.length) {
        const left = found.map(({ key }) => key);
        if (!(await write(owner, until, left, cas))) {
          // The item has changed since: what is gone may be in it under a new id.
          countRoundTrip();
          return owners.list(owner);
        }
      }
      return found.filter((session) => session.owner === owner);
    },
  };
  return owners;
}
