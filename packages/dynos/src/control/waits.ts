import { readFileSync } from "node:fs";
import { listProcesses } from "@repo/addons/process-table";
import type { App } from "../app.ts";

/** A dyno, or the router (null), was ready to run and got no processor: a machine that is too busy, not a slow app. */
export interface Wait {
  dyno: string | null;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
}

const TICK_MS = 250;
/** Less than this in one tick is what every process waits now and then. */
const LEAST_MS = 50;
/** An hour of a very busy machine. */
const MOST = 50_000;
/** A dyno's processes are looked up on every eighth tick. */
const LOOK_UP_TICKS = 8;

/**
 * Records how long each dyno's processes wait for a processor, until it is told to stop. Only Linux tells: elsewhere
 * nothing is recorded.
 */
export function watchWaits(ps: App["ps"]): { waits: Wait[]; stop(): void } {
  const waits: Wait[] = [];
  const waitedBefore = new Map<number, number>();
  let processes: { pid: number; group: number }[] = [];
  let ticks = 0;

  /** The longest wait among these processes since the last tick. */
  function waited(pids: readonly number[]): number {
    const each = pids.map((pid) => {
      const now = waitedMs(pid);
      const before = waitedBefore.get(pid) ?? now;
      waitedBefore.set(pid, now);
      return now - before;
    });
    return Math.max(0, ...each);
  }

  function look(): void {
    const dynos = ps();
    if (ticks++ % LOOK_UP_TICKS === 0) {
      processes = listProcesses();
      for (const pid of waitedBefore.keys())
        if (!processes.some((one) => one.pid === pid)) waitedBefore.delete(pid);
    }
    const end = Date.now();
    const note = (dyno: string | null, ms: number) => {
      if (ms < LEAST_MS) return;
      waits.push({ dyno, start: Math.round(end - ms), end });
      if (waits.length > MOST) waits.splice(0, MOST / 2);
    };
    note(null, waited([process.pid]));
    for (const { name, group } of dynos)
      note(name, waited(processes.flatMap((one) => (one.group === group ? one.pid : []))));
  }

  if (process.platform !== "linux") return { waits, stop() {} };
  const timer = setInterval(look, TICK_MS);
  return { waits, stop: () => clearInterval(timer) };
}

/** How long a process' first thread, which runs JavaScript, has waited so far: the second number, in nanoseconds. */
function waitedMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return 0; // It has ended, or the kernel does not count.
  }
}
