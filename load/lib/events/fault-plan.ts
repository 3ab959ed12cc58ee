import type { EventName } from "./event-commands.ts";
import type { Random } from "./random.ts";

/** One fault: when it begins, and how long it lasts until the store is mended. */
export interface PlannedFault {
  atMs: number;
  event: EventName;
  /** For what happens to a store and stays. */
  lastsMs?: number;
}

/** Nothing happens at first and at the end, so that there are sessions to lose, and to find again. */
const QUIET_MS = 2_000;
const AFTERWARDS_MS = 6_000;
/** How long a fault takes that is over by itself: a dyno boots in 1 to 3 s. */
const BOOT_MS = 4_000;
const STAYS = /^store-(freeze|cut|slow)$/;

/** Faults one after another, as chance has it, with pauses in which the app recovers. */
export function planFaults(
  random: Random,
  events: readonly (readonly [EventName, number])[],
  seconds: number,
): PlannedFault[] {
  const plan: PlannedFault[] = [];
  if (events.length === 0) return plan;
  let atMs = QUIET_MS;
  for (;;) {
    const event = random.pick(events);
    const lastsMs = STAYS.test(event) ? random.between(500, 4_000) : undefined;
    const next = atMs + (lastsMs ?? BOOT_MS) + random.between(500, 2_500);
    if (next > seconds * 1_000 - AFTERWARDS_MS && plan.length > 0) return plan;
    plan.push({ atMs, event, ...(lastsMs ? { lastsMs } : {}) });
    atMs = next;
  }
}

/** "2.0 s kill-1, 7.5 s store-freeze for 1.2 s" */
export function describePlan(plan: readonly PlannedFault[]): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const texts = plan.map(
    ({ atMs, event, lastsMs }) =>
      `${seconds(atMs)} ${event}${lastsMs ? ` for ${seconds(lastsMs)}` : ""}`,
  );
  return texts.join(", ") || "no faults";
}
