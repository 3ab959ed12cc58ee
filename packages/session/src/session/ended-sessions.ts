import type { SessionConfig } from "../config.ts";
import type { Session, Strategy } from "../contract.ts";
import { fingerprint } from "../store/ids.ts";
import { refuse } from "../store/refusals.ts";

/**
 * Where the cookie keeps the session, no server can end it: an answer that arrives after a sign-out restores the session
 * in the visitor's browser. So the browser also keeps a marker, a cookie that is written only when a session ends, and a
 * read refuses the ids in it. The marker holds fingerprints, never ids: `<fingerprint>.<end>~<fingerprint>.<end>…`,
 * the newest last, each with the absolute end of its id in seconds since 1970. After that no cookie of the id opens.
 */
const ENTRY = /^([\da-f]{16})\.(\d{10})$/;
/** Enough for answers that are late by a few sign-ins and sign-outs; a marker of four takes about 130 bytes. */
const MAX_ENTRIES = 4;
const MAX_CHARACTERS = MAX_ENTRIES * (16 + 1 + 10) + (MAX_ENTRIES - 1);

type Lifetimes = Pick<SessionConfig, "absoluteSeconds" | "now">;

interface Entry {
  fingerprint: string;
  /** Seconds since 1970. */
  end: number;
}

/** Reads a session, unless this browser's marker says that it was ended. Throws only `SessionStoreError`. */
export async function readUnlessEnded(
  strategy: Strategy,
  cookie: string,
  marker: string | undefined,
  config: Lifetimes,
): Promise<Session | null> {
  const session = await strategy.read(cookie);
  if (!session || strategy.keeps === "server" || !marker) return session;
  const own = fingerprint(session.key);
  const isEnded = entriesOf(marker, config).some((entry) => entry.fingerprint === own);
  return isEnded ? refuse(strategy.name, "ended") : session;
}

/** The marker with one more ended session, and how long the browser has to keep it. */
export function withEnded(
  marker: string | undefined,
  session: Session,
  config: Lifetimes,
): { value: string; maxAgeSeconds: number } {
  const ended = fingerprint(session.key);
  const others = entriesOf(marker, config).filter((entry) => entry.fingerprint !== ended);
  const end = Math.ceil(session.createdAt / 1000) + config.absoluteSeconds;
  const entries = [...others, { fingerprint: ended, end }].slice(-MAX_ENTRIES);
  const lastEnd = Math.max(...entries.map((entry) => entry.end));
  return {
    value: entries.map((entry) => `${entry.fingerprint}.${entry.end}`).join("~"),
    maxAgeSeconds: Math.max(1, lastEnd - Math.floor(config.now() / 1000)),
  };
}

/** Ignores a malformed marker. A forged one can only sign its own sender out. */
function entriesOf(marker: string | undefined, config: Lifetimes): Entry[] {
  if (!marker || marker.length > MAX_CHARACTERS) return [];
  const now = config.now() / 1000;
  return marker.split("~").flatMap((text) => {
    const [, ended = "", end = ""] = ENTRY.exec(text) ?? [];
    return Number(end) > now ? [{ fingerprint: ended, end: Number(end) }] : [];
  });
}
