/**
 * The cookie that every strategy and next-auth share. Decided once, by the build: `next build` writes
 * NODE_ENV into the bundle. No other cookie's name may start with it (next-auth joins those).
 */
export const isProduction = process.env.NODE_ENV === "production";
export const SESSION_COOKIE = isProduction ? "__Host-session" : "session";
/** The marker of ended sessions (session/ended-sessions.ts): a name that does not begin with the session cookie's. */
export const ENDED_COOKIE = isProduction ? "__Host-ended-sessions" : "ended-sessions";
export const sessionCookieAttributes = {
  httpOnly: true,
  secure: isProduction,
  sameSite: "lax",
  path: "/",
} as const;

/** A value of `Set-Cookie`, as Next writes it. A maximum age of 0 deletes the cookie. */
export function setCookieLine(name: string, value: string, maxAgeSeconds: number): string {
  const expires = new Date(maxAgeSeconds && Date.now() + maxAgeSeconds * 1000).toUTCString();
  return `${name}=${encodeURIComponent(value)}; Path=/; Expires=${expires}; Max-Age=${maxAgeSeconds}; ${FLAGS}`;
}

const FLAGS = `${isProduction ? "Secure; " : ""}HttpOnly; SameSite=Lax`;

/**
 * next-auth 4 splits a longer value over several cookies (4,096 bytes less 163 for attributes, in its
 * `core/lib/cookie.js`). Browsers drop a cookie of more than 4,096 bytes (RFC 6265bis).
 */
export const MAX_COOKIE_CHARACTERS = 3933;

/** What a strategy is configured with. Tests pass other secrets, short lifetimes and another clock. */
export interface SessionConfig {
  /** The first secret seals; each of them opens. */
  readonly secrets: readonly [string, ...string[]];
  /** A session ends this long after its last use, in seconds. */
  readonly idleSeconds: number;
  /** A session ends this long after it started, in seconds, however often it is used. */
  readonly absoluteSeconds: number;
  /** The largest session on a server, in bytes of JSON. */
  readonly maxBytes: number;
  /** How many sessions a user can have. One more sign-in ends the oldest. Absent: any number. */
  readonly maxPerUser?: number | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

const MIN_SECRET_CHARACTERS = 32;
const DEVELOPMENT_SECRET = "for development only, never in production";

/**
 * Reads the config vars. Call it when a session is needed, not on import: a build has no secret.
 *
 * @throws an error that names the config var which is missing or wrong
 */
export function sessionConfig(): SessionConfig {
  return {
    secrets: readSecrets(),
    idleSeconds: readWholeNumber("SESSION_IDLE_SECONDS", 14 * 24 * 60 * 60),
    absoluteSeconds: readWholeNumber("SESSION_ABSOLUTE_SECONDS", 30 * 24 * 60 * 60),
    maxBytes: readWholeNumber("SESSION_MAX_BYTES", 65_536),
    maxPerUser: process.env.SESSION_MAX_PER_USER
      ? readWholeNumber("SESSION_MAX_PER_USER", 1)
      : undefined,
    now: Date.now,
  };
}

function readSecrets(): [string, ...string[]] {
  const current = process.env.SESSION_SECRET ?? (isProduction ? undefined : DEVELOPMENT_SECRET);
  if (!current) throw configError("Missing", "SESSION_SECRET");
  const previous = (process.env.SESSION_SECRET_PREVIOUS ?? "").split(/\s+/).filter(Boolean);
  if (current.length < MIN_SECRET_CHARACTERS) throw configError("Too short", "SESSION_SECRET");
  if (previous.some((secret) => secret.length < MIN_SECRET_CHARACTERS)) {
    throw configError("Too short", "SESSION_SECRET_PREVIOUS");
  }
  return [current, ...previous];
}

function configError(problem: string, name: string): Error {
  return new Error(
    `[session] ${problem} config var \`${name}\`. It takes at least ${MIN_SECRET_CHARACTERS} characters, the same on all dynos. Create one with \`openssl rand -hex 32\`.`,
  );
}

/**
 * Reads a config var that is a count.
 *
 * @throws an error that names it where it is not a whole number above 0
 */
export function readWholeNumber(
  name: string,
  fallback: number,
  env: Record<string, string | undefined> = process.env,
): number {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(
    `[session] Config var \`${name}\` is "${text}". It takes a whole number above 0.`,
  );
}
