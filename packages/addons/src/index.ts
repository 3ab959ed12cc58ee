export type { Addon, AddonService, Disturbance, ServerVersion } from "./addon.ts";
export { startMemcached } from "./memcached.ts";
export { hasPgbouncer } from "./pgbouncer.ts";
export { startPostgres } from "./postgres.ts";
export { MissingProgram } from "./program.ts";
export { startRedis } from "./redis.ts";
export { type AddonRequest, planAddons, serviceOf, startAddons } from "./services.ts";
