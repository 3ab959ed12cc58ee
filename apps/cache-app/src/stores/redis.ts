import type { SessionStore } from "@repo/session";
import { createClient, defineScript } from "redis";

export interface RedisOptions {
  /** `redis://…`, or `rediss://…` for TLS. */
  url: string;
  /** False for Heroku Key-Value Store, whose certificate no public authority has signed. */
  verifyCertificate: boolean;
}

/** A hash of `sealed`, `version` and `expiresAt` per session. What must be one step is one script. */
export function redisStore({ url, verifyCertificate }: RedisOptions): SessionStore {
  const tls = url.startsWith("rediss:")
    ? { tls: true as const, rejectUnauthorized: verifyCertificate }
    : {};
  const client = createClient({
    url,
    scripts: { createSession, updateSession, touchSession },
    // An outage is answered at once, not queued until it is over.
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    // A server that hangs is noticed by the ping that it does not answer.
    pingInterval: 2_000,
    socket: {
      ...tls,
      connectTimeout: 3_000,
      socketTimeout: 5_000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000),
    },
  });
  let down = false;
  client.on("error", (error: Error) => {
    if (!down) console.error(`[cache-app] Redis fails: ${error.message}`);
    down = true;
  });
  client.on("ready", () => {
    if (down) console.error("[cache-app] Redis is back");
    down = false;
  });

  let starting: Promise<void> | undefined;
  /** Settles at the first connection or the first failure; the client goes on trying by itself after that. */
  function started(): Promise<void> {
    starting ??= new Promise((resolve) => {
      client.once("ready", resolve).once("error", () => resolve());
      client.connect().catch(() => {});
    });
    return starting;
  }

  return {
    name: "Redis",

    async read(key) {
      await started();
      const [sealed, version, expiresAt] = await client.hmGet(`session:${key}`, [
        "sealed",
        "version",
        "expiresAt",
      ]);
      if (!sealed || !version || !(Number(expiresAt) > Date.now())) return null;
      return { sealed, version, expiresAt: Number(expiresAt) };
    },

    async create(key, { sealed, expiresAt }) {
      await started();
      const version = await client.createSession(`session:${key}`, sealed, expiresAt);
      if (version === "taken") throw new Error("the key is taken");
      return version;
    },

    async update(key, { sealed, expiresAt }, version) {
      await started();
      const answer = await client.updateSession(`session:${key}`, sealed, expiresAt, version);
      if (answer === "gone" || answer === "conflict") return { outcome: answer };
      return { outcome: "saved", version: answer };
    },

    async touch(key, expiresAt) {
      await started();
      return (await client.touchSession(`session:${key}`, expiresAt)) === "moved";
    },

    async destroy(key) {
      await started();
      await client.del(`session:${key}`);
    },

    async ready() {
      await started();
      await client.ping();
    },

    async close() {
      if (client.isOpen) client.destroy();
    },
  };
}

/** Redis deletes a key whose moment has come by itself, so a key that exists is not expired. */
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
