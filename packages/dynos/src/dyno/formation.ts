import type { RoutedDyno, WebState } from "../router/types.ts";
import type { Dyno, DynoState } from "./dyno.ts";
import { DynosCrashed } from "./dynos-crashed.ts";
import type { Quantities } from "./quantities.ts";
import { createSlot, type Slot, type SlotOptions } from "./slot.ts";

export interface FormationOptions extends Pick<SlotOptions, "backoffMs" | "steadyMs"> {
  launch(name: string, type: string): Dyno;
  onProgress(text: string): void;
}

/** A line of `dynos ps`. */
export interface DynoStatus {
  readonly name: string;
  readonly type: string;
  readonly state: DynoState;
  readonly since: string;
  /** From the start of its copy to its bound port; undefined while it boots. */
  readonly bootMs?: number | undefined;
  /** Its process group. */
  readonly group?: number | undefined;
  /** So many before it under this name are still stopping. */
  readonly leaving?: number | undefined;
  readonly command: string;
}

export type Formation = ReturnType<typeof createFormation>;

/** The dynos of one app. */
export function createFormation({ launch, onProgress, ...slotOptions }: FormationOptions) {
  const slots = new Map<string, Slot>();
  const closing = new Set<Slot>();
  let closed = false;

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
    if (found.length > 0) return found;
    const names = [...slots.keys()].join(", ") || "none";
    throw new Error(`[dynos] There is no dyno \`${which}\`. There are: ${names}.`);
  }

  async function close(slot: Slot): Promise<void> {
    closing.add(slot);
    await slot.close();
    closing.delete(slot);
  }

  /** What goes away is still there until it has ended; where the next one has its name already, that one counts. */
  const shown = () => [...slots.values(), ...[...closing].filter(({ name }) => !slots.has(name))];

  const replace = (chosen: Slot[]) =>
    boot(chosen.map((slot) => ({ name: slot.name, dyno: slot.replace() })));

  return {
    /** Starts what is missing and stops what is too much, the highest numbers first. */
    async scale(quantities: Quantities): Promise<void> {
      if (closed) throw new Error("[dynos] The app is going down.");
      const added: Slot[] = [];
      const removed: Slot[] = [];
      for (const [type, quantity] of Object.entries(quantities)) {
        for (let number = 1; number <= quantity; number++) {
          const name = `${type}.${number}`;
          if (slots.has(name)) continue;
          const slot = createSlot({ name, type, launch: () => launch(name, type), ...slotOptions });
          slots.set(name, slot);
          added.push(slot);
        }
        const ofType = [...slots.values()].filter((slot) => slot.type === type);
        removed.push(...ofType.slice(quantity));
      }
      for (const slot of removed) slots.delete(slot.name);
      await Promise.all([replace(added), ...removed.map(close)]);
    },
    /** One dyno, a process type, or all. */
    restart: (which?: string) => replace(which ? find(which) : [...slots.values()]),
    async cycle(): Promise<void> {
      for (const slot of slots.values()) await replace([slot]);
    },
    kill: (name: string) => boot(find(name).map((slot) => ({ name, dyno: slot.kill() }))),
    async stop(): Promise<void> {
      closed = true;
      const all = [...slots.values()];
      slots.clear();
      await Promise.all(all.map((slot) => slot.close()));
    },
    quantities(): Quantities {
      const counts: Record<string, number> = {};
      for (const { type } of slots.values()) counts[type] = (counts[type] ?? 0) + 1;
      return counts;
    },
    ps(): DynoStatus[] {
      return shown().flatMap(({ name, type, current, leaving }) => {
        const dyno = current();
        if (!dyno) return [];
        const since = dyno.since().toISOString();
        const { command } = dyno;
        const [state, bootMs, group] = [dyno.state(), dyno.bootMs(), dyno.group()];
        const before = state === "stopping" ? undefined : leaving() || undefined;
        return [{ name, type, state, since, bootMs, group, leaving: before, command }];
      });
    },
    routed(): RoutedDyno[] {
      const routed: RoutedDyno[] = [];
      for (const slot of slots.values()) {
        const port = slot.type === "web" ? slot.current()?.port() : undefined;
        if (port !== undefined) routed.push({ name: slot.name, port });
      }
      return routed;
    },
    webState(): WebState {
      const dynos = [...slots.values()]
        .filter((slot) => slot.type === "web")
        .map((s) => s.current());
      if (dynos.length === 0) return "none";
      if (dynos.some((dyno) => dyno?.state() !== "crashed")) return "ok";
      return dynos.some((dyno) => dyno?.bootTimedOut()) ? "boot-timeout" : "crashed";
    },
  };
}
