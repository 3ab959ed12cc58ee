import type { Addon } from "./addon.ts";
import type { AddonOptions } from "./addon-folder.ts";
import { startMemcached } from "./addon-memcached.ts";
import { startPostgres } from "./addon-postgres.ts";
import { startRedis } from "./addon-redis.ts";

const STARTERS: Record<string, (options: AddonOptions) => Promise<Addon>> = {
  "heroku-postgresql": startPostgres,
  "heroku-redis": startRedis,
  memcachedcloud: startMemcached,
  memcachier: startMemcached,
};
