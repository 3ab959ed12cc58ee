import { freePort, givePortBack } from "@repo/addons/ports";
import type { Log } from "../log.ts";
import { bindsInTime } from "./binds-in-time.ts";
import { type DynoProcess, type DynoProcessOptions, startDynoProcess } from "./process.ts";

export type DynoState = "starting" | "up" | "stopping" | "crashed" | "down";

export interface DynoTimeouts {
  /** To bind `$PORT`. */
  bootMs: number;
  /** From SIGTERM to SIGKILL. */
  stopMs: number;
}

export interface DynoOptions
  extends Pick<DynoProcessOptions, "name" | "command" | "slug" | "config" | "parent" | "record"> {
  /** Whether it must bind a port: web dynos do. */
  web: boolean;
  log: Log;
  timeouts: DynoTimeouts;
}

/** One life of a dyno, from its first byte on the disk to its last. */
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
  /** How long it took to bind its port; undefined while it has not. */
  bootMs(): number | undefined;
  /** How long it was up, so far or at its end. */
  upMs(): number;
  /** R10: it did not bind its port in time. */
  bootTimedOut(): boolean;
  /** Resolves when it is up, or when it is certain that it will never be. */
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** As if its machine broke. */
  kill(): void;
}

const R10 = (ms: number) =>
  `Error R10 (Boot timeout) -> Web process failed to bind to $PORT within ${ms / 1_000} seconds of launch`;
const R12 = (ms: number) =>
  `Error R12 (Exit timeout) -> At least one process failed to exit within ${ms / 1_000} seconds of SIGTERM`;

export function startDyno(options: DynoOptions): Dyno {
  const { name, command, log, timeouts } = options;
  let state: DynoState = "starting";
  let since = new Date();
  let port: number | undefined;
  let dynoProcess: DynoProcess | undefined;
  let bootTimedOut = false;
  let over = false;
  let upSince: number | undefined;
  let upMs = 0;
  let bootMs: number | undefined;
  const startedAt = performance.now();
  const say = (text: string) => log.write("heroku", name, text);
  // While it stops, its successor already speaks under the same name: keep quiet about states then.
  const become = (next: DynoState) => {
    if (state !== "stopping" && next !== "down") say(`State changed from ${state} to ${next}`);
    state = next;
    since = new Date();
  };
  const stopped = () => state === "stopping";

  async function live(): Promise<void> {
    if (options.web) port = await freePort();
    if (stopped()) return;
    dynoProcess = await startDynoProcess({
      ...options,
      port,
      onLine: (text) => log.write("app", name, text),
    });
    say(`Starting process with command \`${command}\``);
    if (stopped()) dynoProcess.kill();
    else void boot(dynoProcess);
    await dynoProcess.exited;
    over = true;
    if (upSince !== undefined) upMs = performance.now() - upSince;
    const code = await dynoProcess.ended;
    say(`Process exited with status ${code}`);
  }

  async function boot(started: DynoProcess): Promise<void> {
    const starting = () => !over && state === "starting";
    const bound = port === undefined || (await bindsInTime(port, timeouts.bootMs, starting));
    if (!starting()) return;
    if (bound) {
      become("up");
      upSince = performance.now();
      bootMs = upSince - startedAt;
      onStarted();
      return;
    }
    bootTimedOut = true;
    say(R10(timeouts.bootMs));
    say("Stopping process with SIGKILL");
    started.kill();
  }

  let onStarted = () => {};
  const started = new Promise<void>((resolve) => {
    onStarted = resolve;
  });
  const ended = live()
    .catch((error: Error) => say(error.message))
    .finally(() => {
      if (port !== undefined) givePortBack(port);
      become(stopped() ? "down" : "crashed");
      onStarted();
    });

  return {
    name,
    command,
    state: () => state,
    since: () => since,
    port: () => (state === "up" && !over ? port : undefined),
    group: () => dynoProcess?.group,
    bootMs: () => bootMs,
    upMs: () => upMs,
    bootTimedOut: () => bootTimedOut,
    started,
    ended,
    async stop() {
      if (state === "stopping" || over) return ended;
      become("stopping");
      onStarted();
      if (dynoProcess) {
        say("Stopping all processes with SIGTERM");
        const killed = await dynoProcess.stop(timeouts.stopMs);
        if (killed) {
          say(R12(timeouts.stopMs));
          say("Stopping remaining processes with SIGKILL");
        }
      }
      await ended;
    },
    kill() {
      dynoProcess?.kill();
    },
  };
}
