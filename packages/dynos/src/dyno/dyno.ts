import { freePort, givePortBack } from "@repo/addons/ports";
import { answers } from "@repo/addons/server";
import type { Log } from "../log.ts";
import { describeClock } from "./clock.ts";
import { type DynoProcess, type DynoProcessOptions, startDynoProcess } from "./process.ts";
import type { Dyno, DynoState, DynoTimeouts } from "./types.ts";

export interface DynoOptions
  extends Pick<
    DynoProcessOptions,
    "name" | "command" | "slug" | "config" | "parent" | "record" | "clockSeconds"
  > {
  /** Whether it must bind a port: web dynos do. */
  web: boolean;
  log: Log;
  timeouts: DynoTimeouts;
}

/**
 * The texts of R10 and R12 and when each is sent: https://devcenter.heroku.com/articles/error-codes (7 May 2024),
 * https://devcenter.heroku.com/articles/dyno-shutdown-behavior (3 Dec 2024).
 */
const R10 = (ms: number) =>
  `Error R10 (Boot timeout) -> Web process failed to bind to $PORT within ${ms / 1_000} seconds of launch`;
const R12 = (ms: number) =>
  `Error R12 (Exit timeout) -> At least one process failed to exit within ${ms / 1_000} seconds of SIGTERM`;

/** Starts a dyno at once; `started` says when it is up. */
export function startDyno(options: DynoOptions): Dyno {
  const { name, command, log, timeouts, clockSeconds = 0 } = options;
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
  // While it stops, its successor already writes to the log under the same name.
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
    if (clockSeconds !== 0) say(`Its clock is ${describeClock(clockSeconds)}`);
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
    clockSeconds,
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
    async freeze(ms) {
      say(`Frozen for ${ms} ms`);
      await dynoProcess?.freeze(ms);
    },
  };
}

const POLL_MS = 40;

/** Whether something listens on the port in time; gives up when `goOn` says no. */
async function bindsInTime(port: number, withinMs: number, goOn: () => boolean): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (goOn()) {
    if (await answers(port)) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}
