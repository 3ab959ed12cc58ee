import type session from "express-session";
import type { SessionStore } from "./contract.ts";
import { storeKey } from "./store/ids.ts";
import { createSealer } from "./store/sealer.ts";

export interface ExpressStoreOptions {
  /** Any of this project's stores: Postgres, memcached, Key-Value Store, a folder. */
  store: SessionStore;
  /** The first seals the data; all of them open it, so that a secret can be replaced. At least 32 characters each. */
  secrets: readonly [string, ...string[]];
  /** Seconds after which a session whose cookie has no `maxAge` ends. Default: 14 days. */
  idleSeconds?: number;
}

const FOURTEEN_DAYS_SECONDS = 14 * 24 * 60 * 60;

type Data = session.SessionData;

/**
 * An express-session store on one of our stores. As everywhere in this project, the store sees the SHA-256 of the id and
 * data that it cannot read, and a session that was ended is never brought back by a request that is still under way.
 * express-session has no merge, so of two requests that change one session at the same time the later one wins.
 *
 * @param express express-session itself, whose `Store` this one extends
 * @returns a store for `session({ store })`
 * @throws each method hands the error of a store that fails to its callback
 *
 * @example
 * app.use(session({ store: expressStore(session, { store, secrets: [secret] }), secret, resave: false }));
 */
export function expressStore(
  express: Pick<typeof session, "Store">,
  { store, secrets, idleSeconds = FOURTEEN_DAYS_SECONDS }: ExpressStoreOptions,
): session.Store {
  const { seal, open } = createSealer(() => secrets);
  /** Session objects that came from the store. Others are new, and only those may create a record. */
  const loaded = new WeakSet<object>();

  // Data that another program wrote may have no cookie; what becomes of it is express-session's to say.
  const expiresAt = ({ cookie }: Partial<Data>) =>
    cookie?.expires ? new Date(cookie.expires).getTime() : Date.now() + idleSeconds * 1000;

  const sealed = (key: string, data: Data) => ({
    sealed: seal(JSON.stringify(data), key),
    expiresAt: expiresAt(data),
  });

  async function read(sid: string): Promise<Data | null> {
    const key = storeKey(sid);
    const found = await store.read(key);
    if (!found) return null;
    const opened = open(found.sealed, key);
    if (!opened) return null;
    const data: Data = JSON.parse(opened.text);
    // `touch` moves the expiry of the record alone.
    if (data.cookie?.expires) data.cookie.expires = new Date(found.expiresAt);
    return data;
  }

  /** Tries again when another request wrote in between. */
  async function write(sid: string, data: Data): Promise<void> {
    const key = storeKey(sid);
    for (;;) {
      const found = await store.read(key);
      if (!found && loaded.has(data)) return;
      if (!found) {
        await store.create(key, sealed(key, data));
        loaded.add(data);
        return;
      }
      const { result } = await store.update(key, sealed(key, data), found.version);
      if (result === "saved") loaded.add(data);
      if (result !== "conflict") return;
    }
  }

  class OurStore extends express.Store {
    override get(sid: string, done: (error: unknown, data?: Data | null) => void): void {
      answer(read(sid), done);
    }

    override set(sid: string, data: Data, done?: (error?: unknown) => void): void {
      answer(write(sid, data), done);
    }

    override destroy(sid: string, done?: (error?: unknown) => void): void {
      answer(store.destroy(storeKey(sid)), done && ((error) => done(error)));
    }

    override touch(sid: string, data: Data, done?: (error?: unknown) => void): void {
      answer(store.touch(storeKey(sid), expiresAt(data)), done && ((error) => done(error)));
    }

    /** express-session calls it with what `get` answered. */
    override createSession(
      request: Parameters<session.Store["createSession"]>[0],
      data: Parameters<session.Store["createSession"]>[1],
    ) {
      const made = super.createSession(request, data);
      loaded.add(made);
      return made;
    }
  }

  return new OurStore();
}

/** Hands a promise's result to a callback. What the callback throws is not the store's error. */
function answer<T>(promise: Promise<T>, done?: (error: unknown, result?: T) => void): void {
  promise.then(
    (result) => setImmediate(() => done?.(null, result)),
    (error) => setImmediate(() => done?.(error)),
  );
}
