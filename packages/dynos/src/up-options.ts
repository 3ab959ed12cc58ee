import type { DynoTimeouts } from "./dyno/dyno.ts";
import type { LogLine } from "./log.ts";
import type { RequestEvent, RouterTimeouts } from "./router/types.ts";

/** Heroku's times, in milliseconds; tests shorten them. */
export interface Timeouts extends DynoTimeouts {
  /** Pauses before a crashed dyno is started again: after the first crash, the second, … */
  crashBackoffMs: readonly number[];
  /** A dyno that was up for so long counts as healthy: its next crash is a first one. */
  steadyMs: number;
  router: Partial<RouterTimeouts>;
}

const SECOND = 1_000;

/** The pauses are Heroku's, with its minutes as seconds: at once, then 20, 40, … up to 320. */
export const HEROKU_DYNO_TIMEOUTS: Timeouts = {
  bootMs: 60 * SECOND,
  stopMs: 30 * SECOND,
  crashBackoffMs: [0, 20, 40, 80, 160, 320].map((seconds) => seconds * SECOND),
  steadyMs: 60 * SECOND,
  router: {},
};

export interface UpOptions {
  /** The app's folder: with a Procfile, or with a package.json that names where its build leaves one. */
  dir: string;
  /** Default: made from the folder's name. */
  name?: string | undefined;
  /** Default: `app.json`, where there is one. */
  manifest?: string | undefined;
  /** Web dynos. Default: the manifest's formation, else 1. */
  web?: number | undefined;
  /** Default: any free port. */
  port?: number | undefined;
  httpsPort?: number | undefined;
  affinity?: boolean | undefined;
  /** Config vars of the user's own; they win over the manifest's and the add-ons'. */
  env?: Record<string, string> | undefined;
  timeouts?: Partial<Timeouts> | undefined;
  /** Stay up when dynos crash at their first boot, as Heroku does. Default: an error, and nothing is left. */
  keepCrashed?: boolean | undefined;
  onProgress?(text: string): void;
  /** Each line of the log, as text in Heroku's format and in its parts. */
  onLog?(text: string, line: LogLine): void;
  onRequest?(event: RequestEvent): void;
  /** Takes the app down, also while it is coming up. */
  signal?: AbortSignal | undefined;
}
