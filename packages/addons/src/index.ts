export type { Addon } from "./addon.ts";
export { startMemcached } from "./memcached.ts";
export { MissingProgram } from "./missing-program.ts";
export { type AddonRequest, planAddons, serverOf, startAddons } from "./plan.ts";
export { startPostgres } from "./postgres.ts";
export { startRedis } from "./redis.ts";
