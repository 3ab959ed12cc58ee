import type { SessionConfig } from "../config.ts";

/** The expiry moves at most once per tenth of the idle lifetime, not on each request. */
const PARTS = 10;

type Lifetimes = Pick<SessionConfig, "idleSeconds" | "absoluteSeconds" | "now">;

/** When a session that is used now ends: the idle or the absolute end, whichever comes first. */
export function expiryFromNow(createdAt: number, config: Lifetimes): number {
  return Math.min(
    config.now() + config.idleSeconds * 1000,
    createdAt + config.absoluteSeconds * 1000,
  );
}

/** True when moving the expiry gains at least a tenth of the idle lifetime. */
export function isTouchDue(
  session: { createdAt: number; expiresAt: number },
  config: Lifetimes,
): boolean {
  const gained = expiryFromNow(session.createdAt, config) - session.expiresAt;
  return gained >= (config.idleSeconds * 1000) / PARTS;
}

/** The browser keeps the cookie to the absolute end; the idle end is the server's to enforce. */
export function maxAgeSeconds(session: { createdAt: number }, config: Lifetimes): number {
  return Math.ceil((session.createdAt - config.now()) / 1000) + config.absoluteSeconds;
}
