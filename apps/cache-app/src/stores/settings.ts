import type { MemcachedOptions } from "./memcached.ts";
import type { RedisOptions } from "./redis.ts";

type Env = Record<string, string | undefined>;

/** Add-ons of memcached: each sets `…_SERVERS`, `…_USERNAME` and `…_PASSWORD`. */
const MEMCACHED_ADDONS = ["MEMCACHIER", "MEMCACHEDCLOUD"];

/**
 * The config vars that the add-ons MemCachier, Memcached Cloud and Heroku Key-Value Store set.
 *
 * @returns the one cache that the app was given
 * @throws an error that names the config var which is missing or wrong; it never shows a URL, which holds a password
 */
export function readSettings(
  env: Env = process.env,
): { memcached: MemcachedOptions } | { redis: RedisOptions } {
  for (const addon of MEMCACHED_ADDONS) {
    const servers = env[`${addon}_SERVERS`];
    if (!servers) continue;
    if (!servers.split(",").every((server) => /^[^\s:/]+(:\d+)?$/.test(server.trim()))) {
      throw new Error(
        `[cache-app] Config var \`${addon}_SERVERS\` is "${servers}". It takes \`host:port\`, several separated by commas.`,
      );
    }
    const [username, password] = [env[`${addon}_USERNAME`], env[`${addon}_PASSWORD`]];
    return { memcached: { servers, username, password } };
  }
  const { REDIS_URL: url, REDIS_TLS } = env;
  if (!url) {
    throw new Error(
      "[cache-app] Missing config var `MEMCACHIER_SERVERS` or `REDIS_URL`. Copy `.env.example` to `.env`, or run `dynos dev`.",
    );
  }
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error(
      "[cache-app] Config var `REDIS_URL` is not a URL of Redis. It looks like `rediss://:password@host:6379`.",
    );
  }
  if (REDIS_TLS && REDIS_TLS !== "no-verify") {
    throw new Error(
      `[cache-app] Config var \`REDIS_TLS\` is "${REDIS_TLS}". It takes \`no-verify\`. Remove it to have the certificate checked.`,
    );
  }
  // No public authority signed Heroku's certificate: `no-verify` encrypts without checking it.
  return { redis: { url, verifyCertificate: REDIS_TLS !== "no-verify" } };
}
