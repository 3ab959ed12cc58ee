import {
  type DestroyResult,
  type SessionStore,
  STORE_LIMIT_MS,
  within,
} from "@repo/session/strategy";
import { createClient, defineScript } from "redis";

export interface RedisOptions {
  /** `redis://…`, or `rediss://…` for TLS. */
  url: string;
  /** False for Heroku Key-Value Store, whose certificate no public authority has signed. */
  verifyCertificate: boolean;
}

/**
 * Keeps each session as a hash of `sealed`, `version`, `expiresAt` and, of a signed-in session, `owner`; and for each
 * owner a sorted set of the session keys by their expiry. Each step that must be atomic is one script, and changes the
 * session and the set of its owner together. The scripts name that set by what the session holds, so they need a Redis
 * that is not a cluster: Heroku Key-Value Store is none.
 */
export function redisStore(options: RedisOptions): SessionStore {
  let current: Connection | undefined;

  /** One connection for all commands. After a failure the next command opens another. */
  async function ask<T>(command: (client: Connection["client"]) => Promise<T>): Promise<T> {
    current ??= open(options, () => {
      if (current === connection) current = undefined;
    });
    const connection = current;
    const answer = connection.ready.then(() => command(connection.client));
    return within(STORE_LIMIT_MS, answer, connection.destroy);
  }

  return {
    name: "Redis",

    async read(key) {
      const [sealed, version, expiresAt] = await ask((client) =>
        client.hmGet(`session:${key}`, ["sealed", "version", "expiresAt"]),
      );
      if (!sealed || !version || !(Number(expiresAt) > Date.now())) return null;
      return { sealed, version, expiresAt: Number(expiresAt) };
    },

    async create(key, { sealed, expiresAt, owner }) {
      const version = await ask((client) =>
        client.createSession(`session:${key}`, key, owner?.hash ?? "", expiresAt, sealed),
      );
      if (version === "taken") throw new Error("the key is taken");
      return version;
    },

    async update(key, { sealed, expiresAt, owner }, version) {
      const answer = await ask((client) =>
        client.updateSession(`session:${key}`, key, owner?.hash ?? "", expiresAt, sealed, version),
      );
      if (answer === "gone" || answer === "conflict") return { result: answer };
      return { result: "saved", version: answer };
    },

    async touch(key, expiresAt, owner) {
      const answer = await ask((client) =>
        client.touchSession(`session:${key}`, key, owner?.hash ?? "", expiresAt),
      );
      return answer === "moved";
    },

    async destroy(key, version) {
      const answer = await ask((client) =>
        client.destroySession(`session:${key}`, key, version ?? ""),
      );
      return answer as DestroyResult;
    },

    async list(owner) {
      const fields = await ask((client) => client.listSessions(`owner:${owner}`, Date.now()));
      const found = [];
      for (let at = 0; at < fields.length; at += 3) {
        const [key = "", sealed = "", expiresAt] = fields.slice(at, at + 3);
        found.push({ key, sealed, expiresAt: Number(expiresAt) });
      }
      return found.filter(({ expiresAt }) => expiresAt > Date.now());
    },

    async ready() {
      await ask((client) => client.ping());
    },

    async close() {
      current?.destroy();
    },
  };
}

type Connection = ReturnType<typeof open>;

/** `onFailure` is called when the connection can no longer be used. */
function open({ url, verifyCertificate }: RedisOptions, onFailure: () => void) {
  const isTls = url.startsWith("rediss:");
  const client = createClient({
    url,
    scripts: { createSession, updateSession, touchSession, destroySession, listSessions },
    // Commands fail at once during an outage: they are not queued, and nothing reconnects in the background.
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    pingInterval: 60_000, // Heroku closes a connection that is idle for five minutes
    socket: {
      ...(isTls && { tls: true as const, rejectUnauthorized: verifyCertificate }),
      connectTimeout: STORE_LIMIT_MS,
      reconnectStrategy: false,
    },
  });
  client.on("error", onFailure); // every command in progress rejects with the same error
  function destroy() {
    onFailure();
    if (client.isOpen) client.destroy();
  }
  return { client, ready: client.connect(), destroy };
}

/**
 * Lua, before each script: `own(owner, key, expiresAt)` notes in the session whose it is, and moves it to the owner's set;
 * "" is nobody's. A set loses its expired members whenever it changes, and ends with its last one.
 */
const OWN = `
  local function own(owner, key, expiresAt)
    local before = redis.call("HGET", KEYS[1], "owner")
    if before and before ~= owner then redis.call("ZREM", "owner:" .. before, key) end
    if owner == "" then redis.call("HDEL", KEYS[1], "owner") return end
    local set = "owner:" .. owner
    local seconds, micros = unpack(redis.call("TIME"))
    redis.call("HSET", KEYS[1], "owner", owner)
    redis.call("ZREMRANGEBYSCORE", set, "-inf", seconds * 1000 + math.floor(micros / 1000))
    redis.call("ZADD", set, expiresAt, key)
    redis.call("PEXPIREAT", set, redis.call("ZRANGE", set, -1, -1, "WITHSCORES")[2])
  end`;

/** Redis deletes expired keys itself, so a key that exists has not expired. */
const createSession = script<[key: string, owner: string, expiresAt: number, sealed: string]>(`
  ${OWN}
  if redis.call("EXISTS", KEYS[1]) == 1 then return "taken" end
  redis.call("HSET", KEYS[1], "sealed", ARGV[4], "expiresAt", ARGV[3], "version", "1")
  redis.call("PEXPIREAT", KEYS[1], ARGV[3])
  own(ARGV[2], ARGV[1], ARGV[3])
  return "1"`);

const updateSession = script<
  [key: string, owner: string, expiresAt: number, sealed: string, version: string]
>(`
  ${OWN}
  local version = redis.call("HGET", KEYS[1], "version")
  if not version then return "gone" end
  if version ~= ARGV[5] then return "conflict" end
  local newer = tostring(tonumber(version) + 1)
  redis.call("HSET", KEYS[1], "sealed", ARGV[4], "expiresAt", ARGV[3], "version", newer)
  redis.call("PEXPIREAT", KEYS[1], ARGV[3])
  own(ARGV[2], ARGV[1], ARGV[3])
  return newer`);

const touchSession = script<[key: string, owner: string, expiresAt: number]>(`
  ${OWN}
  if redis.call("EXISTS", KEYS[1]) == 0 then return "gone" end
  redis.call("HSET", KEYS[1], "expiresAt", ARGV[3])
  redis.call("PEXPIREAT", KEYS[1], ARGV[3])
  own(ARGV[2], ARGV[1], ARGV[3])
  return "moved"`);

/** With a version of "" unconditionally. */
const destroySession = script<[key: string, version: string]>(`
  local version, owner = unpack(redis.call("HMGET", KEYS[1], "version", "owner"))
  if ARGV[2] ~= "" then
    if not version then return "gone" end
    if version ~= ARGV[2] then return "conflict" end
  end
  redis.call("DEL", KEYS[1])
  if owner then redis.call("ZREM", "owner:" .. owner, ARGV[1]) end
  return "destroyed"`);

/**
 * Key, sealed data and expiry of each session of an owner. Removes members whose session is gone: evicted, or destroyed by
 * a release that kept no sets. No later write restores such a session.
 */
const listSessions = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
  redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", ARGV[1])
  local found = {}
  for _, key in ipairs(redis.call("ZRANGE", KEYS[1], 0, -1)) do
    local sealed, expiresAt = unpack(redis.call("HMGET", "session:" .. key, "sealed", "expiresAt"))
    if sealed then
      table.insert(found, key)
      table.insert(found, sealed)
      table.insert(found, expiresAt)
    else
      redis.call("ZREM", KEYS[1], key)
    end
  end
  return found`,
  parseCommand(parser, owner: string, now: number) {
    parser.pushKey(owner);
    parser.push(String(now));
  },
  transformReply: (reply: unknown) => (reply as unknown[]).map(String),
});

/** A script of one key that answers with a word. */
function script<Arguments extends (string | number)[]>(source: string) {
  return defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: source,
    parseCommand(parser, key: string, ...args: Arguments) {
      parser.pushKey(key);
      parser.push(...args.map(String));
    },
    transformReply: (reply: unknown) => String(reply),
  });
}
