import { type SessionConfig, sessionConfig } from "../config.ts";
import type {
  JsonObject,
  ListedSession,
  Session,
  SessionOwner,
  SessionStore,
  SignIn,
  Strategy,
} from "../contract.ts";
import {
  SessionBusyError,
  SessionStoreError,
  SessionsNotListedError,
  SessionTooLargeError,
} from "../errors.ts";
import { userIdOf } from "../session/fields.ts";
import { lazy } from "../singletons.ts";
import { isId, newId, storeKey } from "./ids.ts";
import { expiryFromNow } from "./lifetime.ts";
import { ownerHash } from "./owner.ts";
import { refuse } from "./refusals.ts";
import { roundTrip } from "./round-trips.ts";
import { createSealer } from "./sealer.ts";

interface ServerStrategyOptions {
  /** For messages and the log: "db", … */
  name: string;
  /** Called at boot, or when the first session is needed. Throws where a config var is missing. */
  store: () => SessionStore;
  config?: () => SessionConfig;
}

/** What the store holds, sealed. The absolute end counts from `createdAt`, which must not change. */
interface Sealed extends SignIn {
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
  const { seal, open } = createSealer(() => config().secrets);
  let isOpen = false;
  /** Sealed with a previous secret. They are sealed again when their expiry moves, so that the secret can be removed. */
  const outdated = new WeakSet<Session>();

  function ask<T>(verb: (store: SessionStore) => Promise<T>): Promise<T> {
    const store = openStore();
    isOpen = true;
    return roundTrip(() => verb(store)).catch((error) => {
      const isKnown = error instanceof SessionBusyError || error instanceof SessionsNotListedError;
      throw isKnown ? error : new SessionStoreError(store.name, error);
    });
  }

  function ownerOf(createdAt: number, data: JsonObject): SessionOwner | undefined {
    const userId = userIdOf(data);
    if (userId === null) return undefined;
    const until = createdAt + config().absoluteSeconds * 1000;
    return { hash: ownerHash(userId, config().secrets[0]), until };
  }

  function toStored(
    { key, createdAt, signIn }: Pick<Session, "key" | "createdAt" | "signIn">,
    data: JsonObject,
  ) {
    const json = JSON.stringify(data);
    if (Buffer.byteLength(json) > config().maxBytes) {
      throw new SessionTooLargeError(name, config().maxBytes);
    }
    const owner = ownerOf(createdAt, data);
    // Beside the data: `{"device":"…"}` without its braces.
    const more = owner && signIn ? JSON.stringify(signIn).slice(1, -1) : "";
    const text = `{"createdAt":${createdAt}${more && `,${more}`},"data":${json}}`;
    const sealed = seal(text, key);
    return { sealed, expiresAt: expiryFromNow(createdAt, config()), owner, data: JSON.parse(json) };
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
      const opened = open(stored.sealed, key);
      if (!opened) return refuse(name, "unreadable");
      const { createdAt, device, formerly, data } = JSON.parse(opened.text) as Sealed;
      const expiresAt = Math.min(stored.expiresAt, createdAt + config().absoluteSeconds * 1000);
      if (expiresAt <= config().now()) return refuse(name, "expired");
      const { version } = stored;
      const session = {
        id,
        key,
        data,
        createdAt,
        expiresAt,
        cookie: id,
        version,
        signIn: { device, formerly },
      };
      if (opened.isOutdated) outdated.add(session);
      return session;
    },

    async create(data, signIn) {
      const id = newId();
      const key = storeKey(id);
      const createdAt = config().now();
      const { data: kept, ...stored } = toStored({ key, createdAt, signIn }, data);
      const version = await ask((store) => store.create(key, stored));
      return {
        id,
        key,
        data: kept,
        createdAt,
        expiresAt: stored.expiresAt,
        cookie: id,
        version,
        signIn,
      };
    },

    async update(session, data) {
      if (await hasExpired(session)) return { result: "gone" };
      const { data: kept, ...stored } = toStored(session, data);
      const updated = await ask((store) => store.update(session.key, stored, session.version));
      if (updated.result !== "saved") return updated;
      const { version } = updated;
      return {
        result: "saved",
        session: { ...session, data: kept, expiresAt: stored.expiresAt, version },
      };
    },

    async touch(session) {
      if (outdated.has(session)) {
        const updated = await strategy.update(session, session.data);
        if (updated.result === "saved") return updated.session;
        if (updated.result === "gone") return null;
        // Another request wrote meanwhile, and so sealed it again. Only the expiry is left to move.
      }
      if (await hasExpired(session)) return null;
      const expiresAt = expiryFromNow(session.createdAt, config());
      const owner = ownerOf(session.createdAt, session.data);
      const found = await ask((store) => store.touch(session.key, expiresAt, owner));
      return found ? { ...session, expiresAt } : null;
    },

    async destroy(session, version) {
      if (version !== undefined && (await hasExpired(session))) return "gone";
      return ask((store) => store.destroy(session.key, version));
    },

    get cannotList() {
      const store = openStore();
      return store.list ? undefined : store.cannotList;
    },

    async list(userId) {
      // A rotation of the secret changes the hash. A session has the older one until its next write or touch.
      const owners = config().secrets.map((secret) => ownerHash(userId, secret));
      const found = new Map<string, ListedSession>();
      // All but the last a second time: a session that moves from one to another meanwhile is found in one of them.
      for (const owner of [...owners, ...owners.slice(0, -1)]) {
        for (const listed of await listOne(owner, userId)) found.set(listed.key, listed);
      }
      return [...found.values()].sort(newestFirst);
    },

    async destroyListed({ key }) {
      await ask((store) => store.destroy(key));
    },

    async ready() {
      await ask((store) => store.ready());
    },

    async close() {
      if (isOpen) await openStore().close();
    },
  };

  async function listOne(owner: string, userId: string): Promise<ListedSession[]> {
    const records = await ask(async (store) => {
      if (!store.list) throw new SessionsNotListedError(name, store.cannotList ?? "");
      return store.list(owner);
    });
    return records.flatMap(({ key, sealed, expiresAt }) => {
      const opened = open(sealed, key);
      if (!opened) return [];
      const { createdAt, device = null, formerly = [], data } = JSON.parse(opened.text) as Sealed;
      const end = Math.min(expiresAt, createdAt + config().absoluteSeconds * 1000);
      // An index is not trusted to say whose session it is: what is sealed decides.
      if (userIdOf(data) !== userId || end <= config().now()) return [];
      const lastUsedAt = Math.max(createdAt, end - config().idleSeconds * 1000);
      return [{ key, device, formerly, createdAt, lastUsedAt }];
    });
  }

  /** A store may keep a record a little too long: whole seconds in memcached, lazy pruning on a disk. */
  async function hasExpired(session: Session): Promise<boolean> {
    if (session.expiresAt > config().now()) return false;
    return (await strategy.read(session.cookie)) === null;
  }

  return strategy;
}

/** By key where two started in the same millisecond, so that every dyno agrees which one is older. */
const newestFirst = (a: ListedSession, b: ListedSession) =>
  b.createdAt - a.createdAt || (a.key < b.key ? -1 : 1);
