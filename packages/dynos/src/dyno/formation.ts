import { setTimeout as pause } from "node:timers/promises";
import { canSetClocks, MissingClock } from "./clock.ts";
import { createSlot, type Slot, type SlotOptions } from "./slot.ts";
import { type Dyno, DynosCrashed, type Formation } from "./types.ts";

export interface FormationOptions extends Pick<SlotOptions, "backoffMs" | "steadyMs"> {
  launch(name: string, type: string, clockSeconds: number): Dyno;
  onProgress(text: string): void;
}

/** A frozen dyno still accepts connections, and the router waits 30 s for each answer. */
const MOST_FROZEN_MS = 5_000;

/** The dynos of one app. */
export function createFormation(options: FormationOptions): Formation {
  const { launch, onProgress, ...slotOptions } = options;
  const slots = new Map<string, Slot>();
  const closing = new Set<Slot>();
  const down = new AbortController();

  /** Resolves when all of them are up; throws the names of those that are not. */
  async function boot(starting: { name: string; dyno: Promise<Dyno> }[]): Promise<void> {
    const failed: string[] = [];
    if (starting.length > 0) onProgress(`Starting ${starting.map(({ name }) => name).join(", ")}`);
    await Promise.all(
      starting.map(async ({ name, dyno }) => {
        const { state, bootTimedOut } = await dyno;
        if (state() === "up") return onProgress(`${name} is up`);
        if (state() !== "crashed") return;
        failed.push(name);
        onProgress(`${name} ${bootTimedOut() ? "did not bind $PORT in time" : "crashed"}`);
      }),
    );
    if (failed.length > 0) {
      throw new DynosCrashed(failed.sort());
    }
  }

  function find(which: string): Slot[] {
    const found = [...slots.values()].filter(({ name, type }) => name === which || type === which);
    if (found.length === 0) throw new Error(noSuchDyno(which));
    return found;
  }

  function noSuchDyno(name: string): string {
    const names = [...slots.keys()].join(", ") || "none";
    return `[dynos] There is no dyno \`${name}\`. There are: ${names}.`;
  }

  async function close(slot: Slot): Promise<void> {
    closing.add(slot);
    await slot.close();
    closing.delete(slot);
  }

  /** A dyno that was scaled away counts until it has ended, unless a new one has its name. */
  const shown = () => [...slots.values(), ...[...closing].filter(({ name }) => !slots.has(name))];

  const replace = (chosen: Slot[]) =>
    boot(chosen.map((slot) => ({ name: slot.name, dyno: slot.replace() })));

  return {
    async scale(quantities) {
      if (down.signal.aborted) throw new Error("[dynos] The app is going down.");
      const added: Slot[] = [];
      const removed: Slot[] = [];
      for (const [type, quantity] of Object.entries(quantities)) {
        for (let number = 1; number <= quantity; number++) {
          const name = `${type}.${number}`;
          if (slots.has(name)) continue;
          const slot = createSlot({
            name,
            type,
            launch: (clock) => launch(name, type, clock),
            ...slotOptions,
          });
          slots.set(name, slot);
          added.push(slot);
        }
        const ofType = [...slots.values()].filter((slot) => slot.type === type);
        removed.push(...ofType.slice(quantity));
      }
      for (const slot of removed) slots.delete(slot.name);
      await Promise.all([replace(added), ...removed.map(close)]);
    },
    restart: (which) => replace(which ? find(which) : [...slots.values()]),
    async replaceBeside(waitMs, onSwitch) {
      const all = [...slots.values()];
      const web = all.filter(({ type }) => type === "web");
      const others = replace(all.filter(({ type }) => type !== "web"));
      const booted = boot(web.map((slot) => ({ name: slot.name, dyno: slot.preboot() })));
      const waited = pause(waitMs, undefined, { signal: down.signal }).catch(() => {});
      const results = await Promise.allSettled([booted, others, waited]);
      if (down.signal.aborted) return;
      onSwitch();
      for (const slot of web) slot.switchOver();
      for (const result of results) if (result.status === "rejected") throw result.reason;
    },
    async cycle() {
      for (const slot of slots.values()) await replace([slot]);
    },
    async freeze(name, ms) {
      const slot = slots.get(name);
      if (!slot) throw new Error(noSuchDyno(name));
      if (!(ms > 0 && ms <= MOST_FROZEN_MS))
        throw new Error(
          `[dynos] A dyno is frozen for 1 to ${MOST_FROZEN_MS} ms, and not for ${ms}.`,
        );
      await slot.current()?.freeze(ms);
    },
    async setClock(name, seconds) {
      const slot = slots.get(name);
      if (!slot) throw new Error(noSuchDyno(name));
      if (!Number.isInteger(seconds))
        throw new Error("[dynos] A clock is a whole number of seconds ahead, or behind: -60.");
      if (seconds !== 0 && !canSetClocks()) throw new MissingClock();
      await boot([{ name, dyno: slot.replace(seconds) }]);
    },
    async kill(name) {
      const slot = slots.get(name);
      if (!slot) throw new Error(noSuchDyno(name));
      await boot([{ name, dyno: slot.kill() }]);
    },
    async stop() {
      down.abort();
      const all = [...slots.values()];
      slots.clear();
      await Promise.all(all.map((slot) => slot.close()));
    },
    quantities() {
      const counts: Record<string, number> = {};
      for (const { type } of slots.values()) counts[type] = (counts[type] ?? 0) + 1;
      return counts;
    },
    ps() {
      return shown().flatMap(({ name, type, current, leaving }) => {
        const dyno = current();
        if (!dyno) return [];
        const since = dyno.since().toISOString();
        const { command } = dyno;
        const [state, bootMs, group] = [dyno.state(), dyno.bootMs(), dyno.group()];
        const before = state === "stopping" ? undefined : leaving() || undefined;
        const clockSeconds = dyno.clockSeconds || undefined;
        return [
          { name, type, state, since, clockSeconds, bootMs, group, leaving: before, command },
        ];
      });
    },
    routed() {
      const routed = [];
      for (const slot of slots.values()) {
        const port = slot.type === "web" ? slot.serving()?.port() : undefined;
        if (port !== undefined) routed.push({ name: slot.name, port });
      }
      return routed;
    },
    webState() {
      const dynos = [...slots.values()]
        .filter((slot) => slot.type === "web")
        .map((s) => s.current());
      if (dynos.length === 0) return "none";
      if (dynos.some((dyno) => dyno?.state() !== "crashed")) return "ok";
      return dynos.some((dyno) => dyno?.bootTimedOut()) ? "boot-timeout" : "crashed";
    },
  };
}
