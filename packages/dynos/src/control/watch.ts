import { groupMemoryBytes } from "@repo/addons/process-table";
import type { App } from "../app.ts";
import type { RequestEvent } from "../router/types.ts";
import type { AppState, Counts, RecentRequest } from "./protocol.ts";

/** Counts an app's requests, and reports its state to those who follow. */
export interface Watch {
  count(event: RequestEvent): void;
  /** Requests so far by dyno; those that the router answered itself are left out. */
  routed(): Record<string, number>;
  /** Starts to report the state of an app, until the function that it returns is called. */
  begin(app: Pick<App, "name" | "url" | "httpsUrl" | "affinity" | "ps" | "addons">): () => void;
  /** Calls back at once and then four times a second, until the function that it returns is called. */
  follow(listener: (state: AppState) => void): () => void;
}

const TICK_MS = 250;
/** Memory is read on every eighth tick. */
const MEMORY_TICKS = 8;
/** The eye cannot tell more dots apart in a quarter of a second. */
const MAX_RECENT = 24;

const nothing = (): Counts => ({ requests: 0, found: 0, lost: 0, failed: 0 });

/** A request costs a few additions; all else happens per tick, so an open page does not slow the router down. */
export function createWatch(): Watch {
  const counts = new Map<string, Counts>();
  const listeners = new Set<(state: AppState) => void>();
  const total = nothing();
  let recent: RecentRequest[] = [];
  let recentCount = 0;
  let memory = new Map<number, number>();
  let tick = () => {};
  let timer: NodeJS.Timeout | undefined;

  function stop() {
    clearInterval(timer);
    timer = undefined;
    recent = [];
    recentCount = 0;
  }

  return {
    count({ dyno, status, session }) {
      const own = counts.get(dyno) ?? nothing();
      counts.set(dyno, own);
      for (const each of [own, total]) {
        each.requests++;
        if (session === "found") each.found++;
        else if (session === "lost") each.lost++;
        if (status >= 500) each.failed++;
      }
      if (!timer) return;
      recentCount++;
      if (recent.length < MAX_RECENT) recent.push({ dyno, status, ...(session && { session }) });
    },

    routed: () =>
      Object.fromEntries(
        [...counts].filter(([dyno]) => dyno).map(([dyno, { requests }]) => [dyno, requests]),
      ),

    begin(app) {
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
        const state = { name, url, httpsUrl, affinity, dynos, addons, total, recent, recentCount };
        recent = [];
        recentCount = 0;
        for (const listener of listeners) listener(state);
      };
      return stop;
    },

    follow(listener) {
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
