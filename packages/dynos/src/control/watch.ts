import type { App } from "../app.ts";
import type { DynoStatus } from "../dyno/formation.ts";
import { groupMemoryBytes } from "../dyno/group-memory.ts";
import type { RequestEvent } from "../router/types.ts";

/** What the router counted of one dyno's name since the app came up. */
export interface Counts {
  requests: number;
  /** By the app's `x-session`; both stay 0 for an app that does not send it. */
  found: number;
  lost: number;
  /** Answers of 500 and more, the router's own among them. A client that leaves (H27, 499) is no failure. */
  failed: number;
}

export interface WatchedDyno extends DynoStatus, Counts {
  memoryBytes?: number | undefined;
}

/** A request for the eye: where it went and what became of its session. */
export type Flown = Pick<RequestEvent, "dyno" | "status" | "session">;

/** One app at one moment, as the live view shows it. */
export interface AppState {
  name: string;
  url: string;
  httpsUrl: string;
  affinity: boolean;
  dynos: WatchedDyno[];
  addons: ReturnType<App["addons"]>;
  /** Of all dynos since the app came up, those that are gone too, and of what the router answered itself. */
  total: Counts;
  /** Since the last moment: the first so many, and how many there were. */
  flown: Flown[];
  flownCount: number;
}

export type Watch = ReturnType<typeof createWatch>;

const TICK_MS = 250;
const MEMORY_TICKS = 8;
/** More dots than this in a quarter of a second nobody can tell apart. */
const FLOWN_MOST = 24;

const nothing = (): Counts => ({ requests: 0, found: 0, lost: 0, failed: 0 });

/**
 * Counts requests, and tells whoever watches four times a second. A request costs some additions whether anybody
 * watches or not; everything else is done per tick, so a page that is open does not slow the router down.
 */
export function createWatch() {
  const counts = new Map<string, Counts>();
  const listeners = new Set<(state: AppState) => void>();
  const total = nothing();
  let flown: Flown[] = [];
  let flownCount = 0;
  let memory = new Map<number, number>();
  let tick = () => {};
  let timer: NodeJS.Timeout | undefined;

  function stop() {
    clearInterval(timer);
    timer = undefined;
    flown = [];
    flownCount = 0;
  }

  return {
    count({ dyno, status, session }: RequestEvent): void {
      const own = counts.get(dyno) ?? nothing();
      counts.set(dyno, own);
      for (const each of [own, total]) {
        each.requests++;
        if (session === "found") each.found++;
        else if (session === "lost") each.lost++;
        if (status >= 500) each.failed++;
      }
      if (!timer) return;
      flownCount++;
      if (flown.length < FLOWN_MOST) flown.push({ dyno, status, ...(session && { session }) });
    },

    /** From now on there is an app to show. */
    begin(app: Pick<App, "name" | "url" | "httpsUrl" | "affinity" | "ps" | "addons">): () => void {
      let ticks = 0;
      tick = () => {
        const status = app.ps();
        if (ticks++ % MEMORY_TICKS === 0) {
          memory = groupMemoryBytes(status.flatMap(({ group }) => group ?? []));
        }
        const dynos = status.map((dyno) => ({
          ...dyno,
          ...(counts.get(dyno.name) ?? nothing()),
          memoryBytes: dyno.group === undefined ? undefined : memory.get(dyno.group),
        }));
        const { name, url, httpsUrl } = app;
        const addons = app.addons();
        const affinity = app.affinity();
        const state = { name, url, httpsUrl, affinity, dynos, addons, total, flown, flownCount };
        flown = [];
        flownCount = 0;
        for (const listener of listeners) listener(state);
      };
      return stop;
    },

    follow(listener: (state: AppState) => void): () => void {
      listeners.add(listener);
      timer ??= setInterval(() => tick(), TICK_MS);
      tick();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}
