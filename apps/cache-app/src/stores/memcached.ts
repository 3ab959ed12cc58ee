import { countRoundTrip, type SessionStore, type StoredSession } from "@repo/session/strategy";
import { Utils } from "memjs";
import {
  type Connection,
  connect,
  flagsAndExpiry,
  opcode,
  status,
} from "./memcached-connection.ts";
import { memcachedOwners } from "./memcached-owners.ts";

export interface MemcachedOptions {
  /** `host:port`, several separated by commas: what MemCachier and Memcached Cloud put into `…_SERVERS`. */
  servers: string;
  username?: string | undefined;
  password?: string | undefined;
}

/**
 * Keeps each session as the item `number expiresAt sealed owner`, and for each owner one item that lists session keys
 * (memcached-owners.ts). The number rises with every change of the data. memcached's
 * own CAS value rises with every write, and moving the expiry is a write too: together they tell a change of the data from
 * a change of the expiry.
 */
export function memcachedStore({ servers, ...login }: MemcachedOptions): SessionStore {
  const connections = servers
    .split(",")
    .map((server) => connect({ server: server.trim(), ...login }));
  /** No failover to another server: it could hold an older state of the session. */
  function connectionOf(key: string): Connection {
    const index = Utils.hashCode(key) % connections.length; // as memjs does
    return connections[index] as Connection;
  }

  async function get(key: string): Promise<Item | null> {
    const { header, val } = await connectionOf(key).send(opcode.get, key);
    if (header.status === status.missing) return null;
    const item = parse(val.toString("latin1"), header.cas.toString("hex"));
    return item.expiresAt > Date.now() ? item : null;
  }

  function put(
    operation: number,
    key: string,
    number: number,
    stored: StoredSession,
    cas?: string,
  ) {
    if (cas === NO_CAS) throw withoutCas();
    const value = `${number} ${stored.expiresAt} ${stored.sealed} ${stored.owner?.hash ?? ""}`;
    return connectionOf(key).send(operation, key, {
      extras: flagsAndExpiry(stored.expiresAt),
      value,
      cas,
    });
  }

  const owners = memcachedOwners(connectionOf, get);

  const store: SessionStore = {
    name: "memcached",

    async read(key) {
      const item = await get(key);
      return item && { sealed: item.sealed, expiresAt: item.expiresAt, version: versionOf(item) };
    },

    async create(key, stored) {
      const { header } = await put(opcode.add, key, 1, stored);
      if (header.status === status.exists) throw new Error("the key is taken");
      if (stored.owner) await owners.add(stored.owner, key);
      const { expiresAt, owner } = stored;
      return versionOf({
        number: 1,
        expiresAt,
        cas: header.cas.toString("hex"),
        owner: owner?.hash ?? "",
      });
    },

    async update(key, stored, version) {
      const read = parse(version);
      const number = read.number + 1;
      if (read.expiresAt > Date.now()) {
        const { header } = await put(opcode.set, key, number, stored, read.cas);
        if (header.status === status.missing) return { result: "gone" };
        if (header.status === status.ok) {
          const owner = stored.owner?.hash ?? "";
          if (stored.owner && owner !== read.owner) await owners.add(stored.owner, key);
          const [cas, { expiresAt }] = [header.cas.toString("hex"), stored];
          return { result: "saved", version: versionOf({ number, expiresAt, cas, owner }) };
        }
        countRoundTrip();
      }
      const item = await get(key);
      if (!item) return { result: "gone" };
      if (item.number !== read.number) return { result: "conflict" };
      countRoundTrip();
      return store.update(key, stored, versionOf(item)); // only the expiry moved
    },

    async touch(key, expiresAt, owner) {
      const item = await get(key);
      if (!item) return false;
      countRoundTrip();
      const moved = { sealed: item.sealed, expiresAt, owner };
      const { header } = await put(opcode.set, key, item.number, moved, item.cas);
      if (header.status === status.missing) return false;
      if (header.status === status.ok) {
        if (owner) await owners.add(owner, key); // where it was evicted, it is back
        return true;
      }
      countRoundTrip();
      return store.touch(key, expiresAt, owner); // another request wrote meanwhile: try again
    },

    async destroy(key, version) {
      const read = version === undefined ? undefined : parse(version);
      if (read?.cas === NO_CAS) throw withoutCas();
      // With a CAS value the binary protocol deletes only the item that still has it.
      const { header } = await connectionOf(key).send(opcode.delete, key, { cas: read?.cas });
      if (header.status === status.ok || !read) return "destroyed";
      if (header.status === status.missing) return "gone";
      countRoundTrip();
      const item = await get(key);
      if (!item) return "gone";
      if (item.number !== read.number) return "conflict";
      countRoundTrip();
      return store.destroy(key, versionOf(item)); // only the expiry moved
    },

    list: (owner) => owners.list(owner),

    async ready() {
      await Promise.all(connections.map((connection) => connection.send(opcode.version, "")));
    },

    async close() {
      for (const connection of connections) connection.close();
    },
  };
  return store;
}

/** With this CAS value memcached writes and deletes unconditionally. */
const NO_CAS = "0".repeat(16);
const withoutCas = () => new Error("it runs without CAS values. Start it without `-C`");

interface Item {
  number: number;
  expiresAt: number;
  sealed: string;
  cas: string;
  /** Whose list the session is in, by hash; "" for nobody's. */
  owner: string;
}

/** The text of an item, or of a version, which has the CAS value in the place of the sealed data. */
function parse(text: string, cas?: string): Item {
  const [number, expiresAt, rest = "", owner = ""] = text.split(" ");
  const [sealed, at] = [rest, Number(expiresAt)];
  return { number: Number(number), expiresAt: at, sealed, cas: cas ?? rest, owner };
}

function versionOf({ number, expiresAt, cas, owner }: Omit<Item, "sealed">): string {
  return `${number} ${expiresAt} ${cas} ${owner}`;
}
