export type { Addon } from "./addon.ts";
export { startMemcached } from "./addon-memcached.ts";
export { startPostgres } from "./addon-postgres.ts";
export { startRedis } from "./addon-redis.ts";
export type { App } from "./app.ts";
export { type LiveView, serveLiveView } from "./live-view.ts";
export type { RequestEvent, RouterTimeouts } from "./router-types.ts";
export { up } from "./up.ts";
export type { Timeouts, UpOptions } from "./up-options.ts";
