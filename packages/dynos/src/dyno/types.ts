import type { RoutedDyno, WebState } from "../router/types.ts";

/** How many dynos of each process type an app has. */
export type Quantities = Readonly<Record<string, number>>;

export type DynoState = "starting" | "up" | "stopping" | "crashed" | "down";

/** In milliseconds. */
export interface DynoTimeouts {
  /** To bind `$PORT`; then R10. */
  bootMs: number;
  /** From SIGTERM to SIGKILL; then R12. */
  stopMs: number;
}

/** One life of a dyno, from its folder's creation to its removal. */
export interface Dyno {
  readonly name: string;
  readonly command: string;
  state(): DynoState;
  /** When it came into its state. */
  since(): Date;
  /** Where it takes requests; undefined while it takes none. */
  port(): number | undefined;
  /** Its process group; undefined before there is one. */
  group(): number | undefined;
  /** By how many seconds its clock is ahead of the machine's; below 0: behind. */
  readonly clockSeconds: number;
  /** How long it took to bind its port; undefined until it has. */
  bootMs(): number | undefined;
  /** How long it has been up, or was in the end. */
  upMs(): number;
  /** R10: it did not bind its port in time. */
  bootTimedOut(): boolean;
  /** Resolves when it is up, or when it can no longer come up. */
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL without warning, as if its machine broke. */
  kill(): void;
  /** SIGSTOP, and SIGCONT after so many milliseconds. */
  freeze(ms: number): Promise<void>;
}

/** A line of `dynos ps`. */
export interface DynoStatus {
  readonly name: string;
  readonly type: string;
  readonly state: DynoState;
  /** ISO 8601. */
  readonly since: string;
  /** From the start of its copy to its bound port; undefined while it boots. */
  readonly bootMs?: number | undefined;
  /** By how many seconds its clock is ahead, or (below 0) behind; undefined where it is right. */
  readonly clockSeconds?: number | undefined;
  /** Its process group. */
  readonly group?: number | undefined;
  /** How many earlier dynos of this name are still stopping. */
  readonly leaving?: number | undefined;
  readonly command: string;
}

/** The dynos of one app. Every method resolves when its effect is complete. */
export interface Formation {
  /** Starts what is missing and stops what is too much, the highest numbers first. */
  scale(quantities: Quantities): Promise<void>;
  /** One dyno (`web.1`), a process type, or all. */
  restart(which?: string): Promise<void>;
  /**
   * All dynos, with preboot: new web dynos start beside the old ones, which take every request. When `waitMs` have
   * passed and the new ones have booted, the new ones take every request and the old ones stop. Others are replaced at once.
   * @param onSwitch called at that moment
   */
  replaceBeside(waitMs: number, onSwitch: () => void): Promise<void>;
  /** One dyno after the other. */
  cycle(): Promise<void>;
  /** One dyno, by its name. */
  kill(name: string): Promise<void>;
  /** One dyno, for so many milliseconds. */
  freeze(name: string, ms: number): Promise<void>;
  /** Starts one dyno again, with a clock that is so many seconds ahead. */
  setClock(name: string, seconds: number): Promise<void>;
  /** Stops all, for good. */
  stop(): Promise<void>;
  quantities(): Quantities;
  ps(): DynoStatus[];
  /** For the router. */
  routed(): RoutedDyno[];
  webState(): WebState;
}

/** New dynos did not come up. The app stays up, and they are started again later. */
export class DynosCrashed extends Error {
  override readonly name = "DynosCrashed";

  /** Names of dynos. */
  readonly dynos: readonly string[];

  /** @param log the last lines of the log, where the app is gone when one reads this */
  constructor(names: readonly string[], log?: readonly string[]) {
    const why = log
      ? `The last lines of its log:\n${log.join("\n")}`
      : "The app's log says why: `dynos logs`.";
    super(`[dynos] Not up: ${names.join(", ")}. ${why}`);
    this.dynos = names;
  }
}
