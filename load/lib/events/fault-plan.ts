import { type EventName, endOf } from "./event-commands.ts";
import type { Random } from "./random.ts";

/** One fault: when it begins, and how long it lasts until it is mended. */
export interface PlannedFault {
  atMs: number;
  event: EventName;
  /** For what stays until something ends it. */
  lastsMs?: number;
}

/** Nothing happens at first and at the end, so that there are sessions to lose, and to find again. */
const QUIET_MS = 1_500;
export const AFTERWARDS_MS = 4_500;
/** How long a fault takes that is over by itself: a dyno boots in 1 to 3 s. */
const BOOT_MS = 2_000;

/**
 * Faults one after another, with pauses in which the app recovers. All kinds come in an order that chance decides, and
 * then all of them again, so that a short run has many kinds too.
 * @param kinds each with the events that are of this kind: `kill-1`, `kill-2`
 */
export function planFaults(
  random: Random,
  kinds: readonly (readonly EventName[])[],
  seconds: number,
): PlannedFault[] {
  const plan: PlannedFault[] = [];
  const possible = kinds.filter((events) => events.length > 0);
  if (possible.length === 0) return plan;
  let deck: (readonly EventName[])[] = [];
  let atMs = QUIET_MS;
  for (;;) {
    if (deck.length === 0) deck = [...possible];
    const [events = []] = deck.splice(random.between(0, deck.length - 1), 1);
    const event = events[random.between(0, events.length - 1)] as EventName;
    const lastsMs = endOf(event) ? random.between(500, 3_000) : undefined;
    const next = atMs + (lastsMs ?? BOOT_MS) + random.between(300, 1_500);
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
