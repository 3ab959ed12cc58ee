import type { Dyno } from "./types.ts";

export interface SlotOptions {
  name: string;
  type: string;
  /** @param clockSeconds by how much its clock is ahead; below 0: behind */
  launch(clockSeconds: number): Dyno;
  /** Pauses in milliseconds before the restarts after the 1st, 2nd, … crash in a row; the last one repeats. */
  backoffMs: readonly number[];
  /** A dyno that was up for longer starts counting its crashes from one. */
  steadyMs: number;
}

/** A place in the formation, such as `web.1`, that one dyno after another fills. */
export interface Slot {
  readonly name: string;
  readonly type: string;
  current(): Dyno | undefined;
  /** The one that takes requests: the current one, but during preboot the one before. */
  serving(): Dyno | undefined;
  /** How many earlier dynos of this name have not ended yet. */
  leaving(): number;
  /**
   * Starts a new dyno at once; the old one gets SIGTERM at the same moment, as on Heroku
   * (https://devcenter.heroku.com/articles/dyno-shutdown-behavior). Resolves when the new one is up or has crashed.
   * @param clockSeconds by how much the new one's clock is ahead; those after it have the right clock again
   */
  replace(clockSeconds?: number): Promise<Dyno>;
  /**
   * Starts a new dyno beside the old one, which takes the requests until `switchOver`. Resolves when the new one is up
   * or has crashed.
   */
  preboot(): Promise<Dyno>;
  /** The new dyno takes the requests from now on; the old one gets SIGTERM. */
  switchOver(): void;
  kill(): Promise<Dyno>;
  /** Stops the dyno for good. Resolves when it and all earlier ones have ended. */
  close(): Promise<void>;
}

export function createSlot({ name, type, launch, backoffMs, steadyMs }: SlotOptions): Slot {
  let dyno: Dyno | undefined;
  /** During preboot: the one before. */
  let outgoing: Dyno | undefined;
  let crashes = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const leaving = new Set<Promise<void>>();

  function start(clockSeconds = 0): Dyno {
    clearTimeout(timer);
    const next = launch(clockSeconds);
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

  async function startNext(
    onStart: (old: Dyno | undefined) => void,
    clockSeconds?: number,
  ): Promise<Dyno> {
    if (closed) throw new Error(`[dynos] \`${name}\` was scaled away.`);
    const old = dyno;
    crashes = 0;
    const next = start(clockSeconds);
    onStart(old);
    await next.started;
    return next;
  }

  const replace = (clockSeconds?: number) => startNext((old) => old && leave(old), clockSeconds);

  function switchOver(): void {
    if (outgoing) leave(outgoing);
    outgoing = undefined;
  }

  return {
    name,
    type,
    current: () => dyno,
    serving: () => outgoing ?? dyno,
    leaving: () => leaving.size,
    replace,
    preboot: () =>
      startNext((old) => {
        outgoing = old;
      }),
    switchOver,
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
      switchOver();
      if (dyno) leave(dyno);
      await Promise.all(leaving);
    },
  };
}
