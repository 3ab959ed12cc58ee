/**
 * The session is an item in memcached, or a hash in Redis (Heroku Key-Value Store), whichever add-on the app has.
 *
 * - Where the data lives: in the cache, sealed. The key is the SHA-256 of the session id, so a list of the keys contains no
 *   usable cookies.
 * - What the cookie holds: a random id.
 * - What it costs: one round trip to read and one more to write, to the fastest of the stores that all dynos share.
 * - How it fails: while the cache is down, requests for a session get 503. A session ends when it is destroyed, on every
 *   dyno at once, when it expires, and when the cache restarts or needs the memory: an evicted session is gone, and its
 *   visitor is signed out. A restart of a dyno loses nothing.
 *
 * A user can list and end their sessions: each owner has a list of session keys, a sorted set in Redis, an item in memcached.
 * A cache that evicts that list hides sessions which live on. memcached may evict any item, and Redis does so under an
 * `allkeys-` policy; `noeviction`, its default, never does. An app that must end every session of a user takes that, or
 * Postgres.
 *
 * An update happens only where the session still exists and has not changed since it was read: in one script in Redis, by
 * CAS in memcached. Redis evicts nothing by default, and refuses new sessions when it is full. To let it evict:
 * `heroku redis:maxmemory --policy volatile-lru`.
 */
import { sessions } from "@repo/session";
import { type SessionStore, serverStrategy, singleton } from "@repo/session/strategy";
import type { Fields } from "./fields.ts";
import { memcachedStore } from "./stores/memcached.ts";
import { redisStore } from "./stores/redis.ts";
import { readSettings } from "./stores/settings.ts";

/** Opens the cache of the config vars; tests pass other ones. */
export function cacheStore(env: Record<string, string | undefined> = process.env): SessionStore {
  const settings = readSettings(env);
  if ("memcached" in settings) return memcachedStore(settings.memcached);
  return redisStore(settings.redis);
}

export const strategy = singleton("strategy", () =>
  serverStrategy({ name: "cache", store: cacheStore }),
);

export const {
  getSession,
  serverTiming,
  mySessions,
  endSession,
  endOtherSessions,
  auth,
  authOptions,
  renewCookie,
  register,
  ready,
} = sessions<Fields>(strategy);
