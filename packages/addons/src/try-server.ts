import { startMemcached } from "./memcached.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";

/**
 * `node try-server.ts memcached`: starts that server as an add-on and logs in once. bin/setup asks it about each
 * program that it has not seen at work yet.
 */
const trials: Record<string, () => Promise<void>> = {
  async memcached() {
    const addon = await startMemcached();
    try {
      const { MEMCACHIER_SERVERS, MEMCACHIER_USERNAME, MEMCACHIER_PASSWORD } = addon.vars;
      const { default: memjs } = await import("memjs");
      const client = memjs.Client.create(MEMCACHIER_SERVERS, {
        username: MEMCACHIER_USERNAME,
        password: MEMCACHIER_PASSWORD,
        retries: 0,
      });
      await client.set("word", "yes", { expires: 60 }).finally(() => client.close());
    } finally {
      await addon.remove();
    }
  },
  async redis() {
    const addon = await startRedis();
    try {
      const socket = { rejectUnauthorized: false, reconnectStrategy: false } as const;
      const { createClient } = await import("redis");
      const client = createClient({ url: addon.vars.REDIS_URL ?? "", socket });
      client.on("error", () => {});
      await client.connect();
      await client.set("word", "yes").finally(() => client.destroy());
    } finally {
      await addon.remove();
    }
  },
  async postgres() {
    const addon = await startPostgres();
    try {
      const connectionString = addon.vars.DATABASE_URL ?? "";
      const { default: pg } = await import("pg");
      const client = new pg.Client({ connectionString, ssl: { rejectUnauthorized: false } });
      await client.connect();
      await client.query("SELECT 1").finally(() => client.end());
    } finally {
      await addon.remove();
    }
  },
};

const [server = ""] = process.argv.slice(2);
try {
  await trials[server]?.();
} catch (error) {
  // memjs gives no error where the server knows no way to log in.
  const why = (error as Error | undefined)?.message ?? "it let nobody log in";
  console.error(`[setup] \`${server}\` does not work: ${why}`);
  process.exitCode = 1;
}
process.exit();
