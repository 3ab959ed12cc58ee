import { log } from "../log.ts";
import { singleton } from "../singletons.ts";

/** Why a cookie opens no session. */
export type Refusal =
  /** It does not look like a cookie of this strategy: too long, a NUL, a path, … */
  | "malformed"
  /** The store has no such session: revoked, evicted, expired there, or invented by the client. */
  | "unknown"
  /** Past its idle or its absolute end. */
  | "expired"
  /** Ended in this browser, and restored by an answer that arrived late. */
  | "ended"
  /** The seal does not open (tampered with, or sealed with an unknown secret), or it does not contain a session. */
  | "unreadable";

const LOG_EVERY_MS = 60_000;

interface Tally {
  total: Map<Refusal, number>;
  unlogged: Map<Refusal, number>;
  timer?: NodeJS.Timeout;
}

/** Counts a refused cookie. Logs at most one line a minute, so that a flood of bad cookies does not flood the log. */
export function refuse(strategy: string, reason: Refusal): null {
  const tally = singleton("refusals", (): Tally => ({ total: new Map(), unlogged: new Map() }));
  for (const counts of [tally.total, tally.unlogged]) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  tally.timer ??= setTimeout(() => {
    const counts = [...tally.unlogged].map(([why, count]) => `${why} ${count}`).join(", ");
    log("warn", `[session] ${strategy}: refused cookies in the last minute: ${counts}`);
    tally.unlogged.clear();
    delete tally.timer;
  }, LOG_EVERY_MS).unref();
  return null;
}

/** How many cookies this process has refused so far, by reason. */
export function refusals(): Partial<Record<Refusal, number>> {
  const tally = singleton("refusals", (): Tally => ({ total: new Map(), unlogged: new Map() }));
  return Object.fromEntries(tally.total);
}
