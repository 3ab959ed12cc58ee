export type { Addon } from "./addon.ts";
export { startMemcached } from "./addon-memcached.ts";
export { startPostgres } from "./addon-postgres.ts";
export { startRedis } from "./addon-redis.ts";
