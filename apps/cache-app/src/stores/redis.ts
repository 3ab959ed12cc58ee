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

/** Keeps each session as a hash of `sealed`, `version` and `expiresAt`. Each step that must be atomic is one script. */
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

    async create(key, { sealed, expiresAt }) {
      const version = await ask((client) =>
        client.createSession(`session:${key}`, sealed, expiresAt),
      );
      if (version === "taken") throw new Error("the key is taken");
      return version;
    },

    async update(key, { sealed, expiresAt }, version) {
      const answer = await ask((client) =>
        client.updateSession(`session:${key}`, sealed, expiresAt, version),
      );
      if (answer === "gone" || answer === "conflict") return { outcome: answer };
      return { outcome: "saved", version: answer };
    },

    async touch(key, expiresAt) {
      return (await ask((client) => client.touchSession(`session:${key}`, expiresAt))) === "moved";
    },

    async destroy(key, version) {
      if (version !== undefined) {
        const answer = await ask((client) => client.destroySession(`session:${key}`, version));
        return answer as DestroyResult;
      }
      await ask((client) => client.del(`session:${key}`));
      return "destroyed";
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
    scripts: { createSession, updateSession, touchSession, destroySession },
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

/** Redis deletes expired keys itself, so a key that exists has not expired. */
const createSession = script<[sealed: string, expiresAt: number]>(`
  if redis.call("EXISTS", KEYS[1]) == 1 then return "taken" end
  redis.call("HSET", KEYS[1], "sealed", ARGV[1], "expiresAt", ARGV[2], "version", "1")
  redis.call("PEXPIREAT", KEYS[1], ARGV[2])
  return "1"`);

const updateSession = script<[sealed: string, expiresAt: number, version: string]>(`
  local version = redis.call("HGET", KEYS[1], "version")
  if not version then return "gone" end
  if version ~= ARGV[3] then return "conflict" end
  local newer = tostring(tonumber(version) + 1)
  redis.call("HSET", KEYS[1], "sealed", ARGV[1], "expiresAt", ARGV[2], "version", newer)
  redis.call("PEXPIREAT", KEYS[1], ARGV[2])
  return newer`);

const touchSession = script<[expiresAt: number]>(`
  if redis.call("EXISTS", KEYS[1]) == 0 then return "gone" end
  redis.call("HSET", KEYS[1], "expiresAt", ARGV[1])
  redis.call("PEXPIREAT", KEYS[1], ARGV[1])
  return "moved"`);

const destroySession = script<[version: string]>(`
  local version = redis.call("HGET", KEYS[1], "version")
  if not version then return "gone" end
  if version ~= ARGV[1] then return "conflict" end
  redis.call("DEL", KEYS[1])
  return "destroyed"`);

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
