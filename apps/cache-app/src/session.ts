/**
 * A session is an item in memcached, or a hash in Redis (Heroku Key-Value Store): whichever the app was given.
 *
 * - The cookie holds a random id. The key is SHA-256 of it, so that whoever lists the keys has no cookies; the
 *   data is sealed.
 * - It costs one trip to read and one more to write, the quickest of the stores that all dynos share.
 * - It dies when it is destroyed, on every dyno at once, when it expires, and when the cache needs the room or
 *   restarts: an evicted session is simply gone, its visitor signed out. A dyno's restart loses nothing.
 *
 * An update happens only where the session still exists and nobody changed it: in one script in Redis, by CAS
 * in memcached. Redis evicts nothing until it is told to, and then says no to new sessions when it is full:
 * `heroku redis:maxmemory --policy volatile-lru`.
 */
import { sessions } from "@repo/session";
import { type SessionStore, serverStrategy, singleton } from "@repo/session/strategy";
import type { Fields } from "./fields.ts";
import { memcachedStore } from "./stores/memcached.ts";
import { redisStore } from "./stores/redis.ts";
import { readSettings } from "./stores/settings.ts";

/** Opens the cache that the config vars name; tests bring their own. */
export function cacheStore(env: Record<string, string | undefined> = process.env): SessionStore {
  const settings = readSettings(env);
  if ("memcached" in settings) return memcachedStore(settings.memcached);
  return redisStore(settings.redis);
}

export const strategy = singleton("strategy", () =>
  serverStrategy({ name: "cache", store: cacheStore }),
);

export const { getSession, serverTiming, auth, authOptions, renewCookie, register, ready } =
  sessions<Fields>(strategy);
