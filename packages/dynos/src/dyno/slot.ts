import type { Dyno } from "./dyno.ts";

export interface SlotOptions {
  name: string;
  type: string;
  launch(): Dyno;
  /** Pauses before the restarts after the 1st, 2nd, … crash in a row; the last one repeats. */
  backoffMs: readonly number[];
  /** After this long in state up a crash counts as the first one again. */
  steadyMs: number;
}

/** A place in the formation, `web.1`: one dyno after another lives in it. */
export interface Slot {
  readonly name: string;
  readonly type: string;
  current(): Dyno | undefined;
  /** How many dynos that lived here before have not ended yet. */
  leaving(): number;
  /** A new dyno, at once; the old one gets SIGTERM in the same moment. Resolves when the new one is up or crashed. */
  replace(): Promise<Dyno>;
  kill(): Promise<Dyno>;
  /** Resolves when every dyno that lived here has ended. */
  close(): Promise<void>;
}

export function createSlot({ name, type, launch, backoffMs, steadyMs }: SlotOptions): Slot {
  let dyno: Dyno | undefined;
  let crashes = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const leaving = new Set<Promise<void>>();

  function start(): Dyno {
    clearTimeout(timer);
    const next = launch();
    dyno = next;
    void next.ended.then(() => {
      if (dyno !== next || closed || next.state() !== "crashed") return;
      crashes = next.upMs() > steadyMs ? 1 : crashes + 1;
      timer = setTimeout(start, backoffMs[Math.min(crashes, backoffMs.length) - 1] ?? 0);
    });
    return next;
  }

  function leave(old: Dyno): void {
    const gone = old.stop().finally(() => leaving.delete(gone));
    leaving.add(gone);
  }

  async function replace(): Promise<Dyno> {
    if (closed) throw new Error(`[dynos] There is no \`${name}\` any more.`);
    const old = dyno;
    crashes = 0;
    const next = start();
    if (old) leave(old);
    await next.started;
    return next;
  }

  return {
    name,
    type,
    current: () => dyno,
    leaving: () => leaving.size,
    replace,
    async kill() {
      const old = dyno;
      old?.kill();
      await old?.ended;
      // A restart at the same time has replaced it already.
      if (!dyno || dyno === old) return replace();
      await dyno.started;
      return dyno;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      if (dyno) leave(dyno);
      await Promise.all(leaving);
    },
  };
}
