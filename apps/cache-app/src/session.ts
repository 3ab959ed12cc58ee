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
import { once, type SessionStore, serverStrategy, sessions } from "@repo/session";
import type { Fields } from "./fields.ts";
import { memcachedStore } from "./stores/memcached.ts";
import { redisStore } from "./stores/redis.ts";

/** What the add-ons MemCachier, Memcached Cloud and Heroku Key-Value Store set; tests bring their own. */
export function cacheStore(env: Record<string, string | undefined> = process.env): SessionStore {
  if (env.MEMCACHIER_SERVERS) {
    return memcachedStore({
      servers: env.MEMCACHIER_SERVERS,
      username: env.MEMCACHIER_USERNAME,
      password: env.MEMCACHIER_PASSWORD,
    });
  }
  if (env.MEMCACHEDCLOUD_SERVERS) {
    return memcachedStore({
      servers: env.MEMCACHEDCLOUD_SERVERS,
      username: env.MEMCACHEDCLOUD_USERNAME,
      password: env.MEMCACHEDCLOUD_PASSWORD,
    });
  }
  if (env.REDIS_URL) {
    // Heroku's certificate is signed by nobody whom Node knows: REDIS_TLS=no-verify encrypts without checking it.
    return redisStore({ url: env.REDIS_URL, verifyCertificate: env.REDIS_TLS !== "no-verify" });
  }
  throw new Error(
    "[cache-app] Missing config var `MEMCACHIER_SERVERS` or `REDIS_URL`. Copy `.env.example` to `.env`, or run `dynos dev`.",
  );
}

export const strategy = once("strategy", () =>
  serverStrategy({ name: "cache", store: cacheStore }),
);

export const { getSession, serverTiming, auth, authOptions, renewCookie, boot, ready } =
  sessions<Fields>(strategy);
