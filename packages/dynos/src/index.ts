export { type Addon, MissingProgram } from "@repo/addons";
export type { AddonStatus, App } from "./app.ts";
export { appEvents, type EventHandlers, type Events, serveEvents } from "./control/events.ts";
export { type DynoStatus, DynosCrashed } from "./dyno/types.ts";
export { type LiveView, serveLiveView } from "./live-view/server.ts";
export type { RequestEvent, RouterTimeouts } from "./router/types.ts";
export { cleanUpKilledRuns } from "./run/clean-up.ts";
export { up } from "./up.ts";
export type { Timeouts, UpOptions } from "./up-options.ts";
