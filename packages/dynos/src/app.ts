import type { Disturbance } from "@repo/addons";
import type { DynoStatus, Quantities } from "./dyno/types.ts";
import type { LogQuery } from "./log.ts";
import type { Config, ReleaseStatus } from "./release/types.ts";

/** A line of `dynos addons`. */
export interface AddonStatus {
  readonly name: string;
  /** `heroku-postgresql:essential-0` */
  readonly plan: string;
  readonly state: "available" | "stopped";
  /** Whether it can be filled up: its memory has a limit on this machine. */
  readonly fillable: boolean;
  /** The names of its config vars. */
  readonly configVars: readonly string[];
  /** Where it differs from Heroku's, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * An app that is up. Every method resolves when its effect is complete, and rejects with an `Error` that says what is
 * wrong: an unknown dyno, add-on or release, a Procfile that is not valid, a release command that fails. Methods that
 * start dynos reject with `DynosCrashed` when these do not come up; the app stays up then.
 */
export interface App {
  readonly name: string;
  /** `http://localhost:PORT`, without a slash at the end. */
  readonly url: string;
  /** `https://localhost:PORT`, with a self-signed certificate. */
  readonly httpsUrl: string;
  /** The dynos, those included that are still stopping. */
  ps(): DynoStatus[];
  /** `{ web: 3 }`. Resolves when the new dynos are up and those scaled away have ended. */
  scale(quantities: Quantities): Promise<void>;
  /** One dyno (`web.1`), a process type, or all. Resolves when the new ones are up. */
  restart(which?: string): Promise<void>;
  /** SIGKILL for one dyno, as if its machine broke. Resolves when its successor is up. */
  kill(name: string): Promise<void>;
  /**
   * Stops one dyno's processes for so many milliseconds, 5,000 at most: it accepts connections and answers nothing.
   * Resolves when it goes on.
   */
  freeze(name: string, ms: number): Promise<void>;
  /**
   * Starts one dyno (`web.1`) again, with a clock that is so many whole seconds ahead of the machine's, or behind: -60.
   * The dyno that follows it has the right clock, so that 0, or any restart, ends it. Rejects with `MissingClock` where
   * the machine has no libfaketime.
   */
  setClock(name: string, seconds: number): Promise<void>;
  /** Restarts one dyno after the other. */
  cycle(): Promise<void>;
  /** Makes a release from the app's folder, or from another one, and replaces all dynos. */
  deploy(dir?: string): Promise<void>;
  /** The config var that holds the app's secret: the one given, else the manifest's first generated one. */
  readonly secret: string | null;
  /** How many requests the router has passed to each dyno, by name, since the app came up. */
  routed(): Record<string, number>;
  /** The newest first. */
  releases(): ReleaseStatus[];
  /** Makes a release with the slug and config vars of an earlier one. Default: the one before. */
  rollback(version?: string): Promise<void>;
  config(): Config;
  /** Sets config vars, all in one release. */
  configSet(vars: Config): Promise<void>;
  addons(): AddonStatus[];
  /** By name or plan. */
  addonStop(name: string): Promise<void>;
  addonStart(name: string): Promise<void>;
  addonRestart(name: string): Promise<void>;
  /** Does something to an add-on or to the way to it, until another disturbance or `null` follows. */
  addonDisturb(name: string, disturbance: Disturbance | null): Promise<void>;
  /** Whether session affinity is on. */
  affinity(): boolean;
  setAffinity(on: boolean): Promise<void>;
  /** Whether a release starts its web dynos beside the old ones before it takes over. */
  preboot(): boolean;
  setPreboot(on: boolean): Promise<void>;
  /**
   * Runs a command in a one-off dyno with the current release.
   * @param onOutput called with each line of its output
   * @returns the exit code and the whole output
   */
  run(
    command: string,
    onOutput?: (text: string) => void,
  ): Promise<{ code: number; output: string }>;
  /** The last lines of the log, in Heroku's format. */
  logs(query?: LogQuery): string[];
  /** Takes the app down and deletes what its add-ons kept. */
  down(): Promise<void>;
  /** Resolves when it is down, however it went down. */
  readonly ended: Promise<void>;
}
