import { callApp, runningApps } from "../control/client.ts";
import type { AppState } from "../control/watch.ts";

export interface WatchedAppsListener {
  onState(state: AppState): void;
  onGone(name: string): void;
}

const LOOK_MS = 1_000;

/** Follows every app that is up on this machine for this user, as they come and go, until it is closed. */
export function watchApps({ onState, onGone }: WatchedAppsListener): () => void {
  const hangUps = new Map<string, AbortController>();

  function look() {
    for (const name of runningApps()) {
      if (hangUps.has(name)) continue;
      const hangUp = new AbortController();
      hangUps.set(name, hangUp);
      callApp(name, "watch", [], { onWatch: onState, signal: hangUp.signal })
        .catch(() => {}) // It is still coming up, or has just gone: the next look finds out.
        .finally(() => {
          hangUps.delete(name);
          if (!hangUp.signal.aborted) onGone(name);
        });
    }
  }

  look();
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    for (const hangUp of hangUps.values()) hangUp.abort();
  };
}
