import type { DynoTimeouts } from "./dyno/types.ts";
import type { LogLine } from "./log.ts";
import type { RequestEvent, RouterTimeouts } from "./router/types.ts";

/** Time limits in milliseconds; tests shorten them. */
export interface Timeouts extends DynoTimeouts {
  /** Pauses before a crashed dyno is started again: after the first crash, the second, …; the last one repeats. */
  crashBackoffMs: readonly number[];
  /** A dyno that was up for longer counts as healthy: its next crash is a first one. */
  steadyMs: number;
  /** With preboot: how long new web dynos run beside the old ones before requests go to them. */
  prebootMs: number;
  router: Partial<RouterTimeouts>;
}

const SECOND = 1_000;

export const HEROKU_DYNO_TIMEOUTS: Timeouts = {
  // R10: https://help.heroku.com/W5ETWBQB/why-is-my-app-crashing-with-an-r10-error
  bootMs: 60 * SECOND,
  // R12: https://devcenter.heroku.com/articles/dyno-shutdown-behavior (3 Dec 2024)
  stopMs: 30 * SECOND,
  // Unsourced: Heroku's 20, 40, … 320 minutes, as seconds.
  crashBackoffMs: [0, 20, 40, 80, 160, 320].map((seconds) => seconds * SECOND),
  steadyMs: 60 * SECOND, // unsourced
  // The boot limit and two minutes: https://devcenter.heroku.com/articles/preboot (21 Oct 2024)
  prebootMs: 180 * SECOND,
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
  /** New web dynos start beside the old ones before they take over. */
  preboot?: boolean | undefined;
  /** Also a PgBouncer in front of the add-on Postgres, at `DATABASE_CONNECTION_POOL_URL`. */
  pooler?: boolean | undefined;
  /** Config vars. They win over the manifest's and the add-ons'; an add-on whose config var is given is not started. */
  env?: Record<string, string> | undefined;
  /** The config var that holds the app's secret. Default: the manifest's first with `generator: secret`. */
  secret?: string | undefined;
  timeouts?: Partial<Timeouts> | undefined;
  /** Stay up when dynos crash at their first boot, as Heroku does. Default: throw `DynosCrashed`. */
  keepCrashed?: boolean | undefined;
  onProgress?(text: string): void;
  /** Called with each line of the log, in Heroku's format and in parts. */
  onLog?(text: string, line: LogLine): void;
  onRequest?(event: RequestEvent): void;
  /** Takes the app down when it aborts, also while it is coming up. */
  signal?: AbortSignal | undefined;
}
