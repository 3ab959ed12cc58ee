export type { Addon } from "@repo/addons";
export { startMemcached, startPostgres, startRedis } from "@repo/addons";
export type { App } from "./app.ts";
export { type LiveView, serveLiveView } from "./live-view/server.ts";
export type { RequestEvent, RouterTimeouts } from "./router/types.ts";
export { up } from "./up.ts";
export type { Timeouts, UpOptions } from "./up-options.ts";
