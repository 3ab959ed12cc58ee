import { log } from "../log.ts";
import { singleton } from "../singletons.ts";

/** Why a cookie that somebody brought is no session. */
export type Refusal =
  /** Not what a cookie of this strategy looks like: too long, a NUL, a path, … */
  | "malformed"
  /** The store knows no such session: revoked, evicted, expired there, or made up. */
  | "unknown"
  /** Past its idle or its absolute end. */
  | "expired"
  /** Signed out in this browser, and put back by an answer that came late. */
  | "ended"
  /** The seal does not open: tampered with, or sealed with a secret that is not known here; or what is in it is no session. */
  | "unreadable";

const LOG_EVERY_MS = 60_000;

interface Tally {
  total: Map<Refusal, number>;
  unlogged: Map<Refusal, number>;
  timer?: NodeJS.Timeout;
}

/** Counts it for the log: one line a minute however many come, so that a flood of bad cookies is no flood of lines. */
export function refuse(strategy: string, reason: Refusal): null {
  const tally = singleton("refusals", (): Tally => ({ total: new Map(), unlogged: new Map() }));
  for (const counts of [tally.total, tally.unlogged]) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  tally.timer ??= setTimeout(() => {
    const counts = [...tally.unlogged].map(([why, count]) => `${why} ${count}`).join(", ");
    log(
      "warn",
      `[session] ${strategy}: cookies that were no session in the last minute: ${counts}`,
    );
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
