import { type SessionConfig, sessionConfig } from "../config.ts";
import type { JsonObject, Session, SessionStore, Strategy } from "../contract.ts";
import { SessionBusyError, SessionStoreError, SessionTooLargeError } from "../errors.ts";
import { lazy } from "../singletons.ts";
import { isId, newId, storeKey } from "./ids.ts";
import { expiryFromNow } from "./lifetime.ts";
import { refuse } from "./refusals.ts";
import { roundTrip } from "./round-trips.ts";
import { open, seal } from "./seal.ts";

interface ServerStrategyOptions {
  /** For messages and the log: "db", … */
  name: string;
  /** Called at boot, or when the first session is needed. Throws where a config var is missing. */
  store: () => SessionStore;
  config?: () => SessionConfig;
}

/** What the store holds, sealed. The absolute end counts from `createdAt`, which must not change. */
interface Sealed {
  createdAt: number;
  data: JsonObject;
}

/**
 * Creates a strategy that keeps the data in a store and an id in the cookie. The store sees the SHA-256 of the id, and
 * data that it cannot read.
 */
export function serverStrategy(options: ServerStrategyOptions): Strategy {
  const { name } = options;
  const config = lazy(options.config ?? sessionConfig);
  const openStore = lazy(options.store);
  let isOpen = false;
  /** Sealed with a previous secret. They are sealed again when their expiry moves, so that the secret can be removed. */
  const outdated = new WeakSet<Session>();

  function ask<T>(verb: (store: SessionStore) => Promise<T>): Promise<T> {
    const store = openStore();
    isOpen = true;
    return roundTrip(() => verb(store)).catch((error) => {
      throw error instanceof SessionBusyError ? error : new SessionStoreError(store.name, error);
    });
  }

  function toStored(id: string, createdAt: number, data: JsonObject) {
    const json = JSON.stringify(data);
    if (Buffer.byteLength(json) > config().maxBytes) {
      throw new SessionTooLargeError(name, config().maxBytes);
    }
    const text = `{"createdAt":${createdAt},"data":${json}}`;
    const sealed = seal(text, config().secrets[0], storeKey(id));
    return { sealed, expiresAt: expiryFromNow(createdAt, config()), data: JSON.parse(json) };
  }

  const strategy: Strategy = {
    name,
    keeps: "server",
    get maxBytes() {
      return config().maxBytes;
    },

    async read(id) {
      if (!isId(id)) return refuse(name, "malformed");
      const key = storeKey(id);
      const stored = await ask((store) => store.read(key));
      if (!stored) return refuse(name, "unknown");
      const text = openWithAny(stored.sealed, config().secrets, key);
      if (!text) return refuse(name, "unreadable");
      const { createdAt, data } = JSON.parse(text.value) as Sealed;
      const expiresAt = Math.min(stored.expiresAt, createdAt + config().absoluteSeconds * 1000);
      if (expiresAt <= config().now()) return refuse(name, "expired");
      const session = { id, data, createdAt, expiresAt, cookie: id, version: stored.version };
      if (text.secretIndex > 0) outdated.add(session);
      return session;
    },

    async create(data) {
      const id = newId();
      const createdAt = config().now();
      const { data: kept, ...stored } = toStored(id, createdAt, data);
      const version = await ask((store) => store.create(storeKey(id), stored));
      return { id, data: kept, createdAt, expiresAt: stored.expiresAt, cookie: id, version };
    },

    async update(session, data) {
      if (await hasExpired(session)) return { outcome: "gone" };
      const { data: kept, ...stored } = toStored(session.id, session.createdAt, data);
      const result = await ask((store) =>
        store.update(storeKey(session.id), stored, session.version),
      );
      if (result.outcome !== "saved") return result;
      const { version } = result;
      return {
        outcome: "saved",
        session: { ...session, data: kept, expiresAt: stored.expiresAt, version },
      };
    },

    async touch(session) {
      if (outdated.has(session)) {
        const result = await strategy.update(session, session.data);
        if (result.outcome === "saved") return result.session;
        if (result.outcome === "gone") return null;
        // Another request wrote meanwhile, and so sealed it again. Only the expiry is left to move.
      }
      if (await hasExpired(session)) return null;
      const expiresAt = expiryFromNow(session.createdAt, config());
      const found = await ask((store) => store.touch(storeKey(session.id), expiresAt));
      return found ? { ...session, expiresAt } : null;
    },

    async destroy(session, version) {
      if (version !== undefined && (await hasExpired(session))) return "gone";
      return ask((store) => store.destroy(storeKey(session.id), version));
    },

    async ready() {
      await ask((store) => store.ready());
    },

    async close() {
      if (isOpen) await openStore().close();
    },
  };

  /** A store may keep a record a little too long: whole seconds in memcached, lazy pruning on a disk. */
  async function hasExpired(session: Session): Promise<boolean> {
    if (session.expiresAt > config().now()) return false;
    return (await strategy.read(session.cookie)) === null;
  }

  return strategy;
}

function openWithAny(sealed: string, secrets: readonly string[], key: string) {
  for (const [secretIndex, secret] of secrets.entries()) {
    const value = open(sealed, secret, key);
    if (value !== null) return { value, secretIndex };
  }
  return null;
}
