/**
 * A session is the cookie: the data itself, sealed by iron-session so that the visitor can neither read nor
 * change it.
 *
 * - There is no store: nothing to run, nothing to pay, nothing that fails. Any dyno can read a session, for it
 *   comes with the request.
 * - It costs CPU instead, a tenth of a millisecond or so to open it and as much to seal it (a cookie that was
 *   here lately is not opened again), and up to 4 KB on each request. It holds little: browsers drop a cookie of
 *   more than 4,096 bytes.
 * - Of two writes at once one is lost: the answer that reaches the browser last wins.
 * - It dies when it expires, and cannot be revoked before. Signing out takes the cookie from the browser and
 *   leaves a marker there, so that a late answer does not bring it back. A copy in other hands works on, on every
 *   dyno, and can be renewed up to the absolute end. Where that matters, take a strategy with a store.
 */
import { sessions } from "@repo/session";
import {
  deriveKey,
  expiryFromNow,
  isId,
  type JsonObject,
  lazy,
  MAX_COOKIE_CHARACTERS,
  newId,
  refuse,
  type Session,
  type SessionConfig,
  SessionTooLargeError,
  type Strategy,
  sessionConfig,
  singleton,
} from "@repo/session/strategy";
import { sealData, unsealData } from "iron-session";
import type { Fields } from "./fields.ts";

const NAME = "cookie";
/** What always fits into MAX_COOKIE_CHARACTERS: a seal is 4/3 of its content and some 200 characters. */
const MAX_BYTES = 2_777;
/**
 * A seal with a key has no salts. One session is one value: iron-session opens whatever follows the `~` too, and
 * four spellings of the signature's last character, which has two bits to spare.
 */
const SEAL = /^Fe26\.2\*1\*\*[\w-]{22}\*[\w-]+\*\d+\*\*[\w-]{42}[AEIMQUYcgkosw048]~2$/;
/** For this purpose in this app alone: what else is sealed with `SESSION_SECRET` is no session. */
const KEY_PURPOSE = "session cookie of cookie-app";
/** How far the clock of another dyno may be ahead of ours. iron-session allows as much. */
const MAX_SKEW_MS = 60_000;
const MEMO_ENTRIES = 1_000; // of at most 4 KB of cookie and 3 KB of content

type Content = Pick<Session, "id" | "createdAt" | "data">;

export function cookieStrategy(readConfig: () => SessionConfig = sessionConfig): Strategy {
  const config = lazy(readConfig);
  const keys = lazy(() => config().secrets.map((secret) => deriveKey(secret, KEY_PURPOSE)));
  /** What this process opened or sealed lately, as JSON: the same cookie mostly comes again, and opening is dear. */
  const memo = new Map<string, string>();

  function remember(cookie: string, content: Content): void {
    const [oldest] = memo.keys();
    if (memo.size >= MEMO_ENTRIES && oldest) memo.delete(oldest);
    memo.set(cookie, JSON.stringify(content));
  }

  async function opened(cookie: string): Promise<Content | null> {
    const json = memo.get(cookie);
    if (json) return JSON.parse(json);
    const content = toContent(await unsealWithAny(cookie), config().now());
    if (content) remember(cookie, content);
    return content;
  }

  async function sealed({ id, createdAt, data }: Content): Promise<Session> {
    const bytes = Buffer.byteLength(JSON.stringify(data));
    if (bytes > MAX_BYTES) throw new SessionTooLargeError(NAME, MAX_BYTES);
    const ttl = Math.ceil((expiryFromNow(createdAt, config()) - Date.now()) / 1000);
    const content = { id, createdAt, data };
    const cookie = await sealData(content, { password: toPassword(keys()[0]), ttl });
    remember(cookie, content);
    return toSession(cookie, content);
  }

  /**
   * One secret at a time: iron-session numbers the secrets in a map and looks one up by the number in the seal,
   * so that after the second rotation the numbers mean other secrets.
   */
  async function unsealWithAny(cookie: string): Promise<object> {
    for (const key of keys()) {
      const content = await unsealData<object>(cookie, { password: toPassword(key) });
      if (Object.keys(content).length > 0) return content;
    }
    return {}; // as iron-session says that a seal does not open
  }

  function toSession(cookie: string, content: Content): Session {
    const absoluteEnd = content.createdAt + config().absoluteSeconds * 1000;
    const expiresAt = Math.min(peekExpiry(cookie), absoluteEnd);
    return { ...content, cookie, expiresAt, version: "" }; // "": there is nothing to compare with
  }

  const isOver = ({ expiresAt }: Session) => expiresAt <= config().now();

  return {
    name: NAME,
    keeps: "cookie",
    maxBytes: MAX_BYTES,
    peekExpiry,
    async read(cookie) {
      if (cookie.length > MAX_COOKIE_CHARACTERS || !SEAL.test(cookie))
        return refuse(NAME, "malformed");
      const content = await opened(cookie);
      if (!content) return refuse(NAME, "unreadable");
      const session = toSession(cookie, content);
      return isOver(session) ? refuse(NAME, "expired") : session;
    },
    create: (data) => sealed({ id: newId(), createdAt: config().now(), data }),
    async update(session, data) {
      if (isOver(session)) return { outcome: "gone" };
      return { outcome: "saved", session: await sealed({ ...session, data }) };
    },
    touch: async (session) => (isOver(session) ? null : sealed(session)),
    destroy: async () => "destroyed", // nothing is kept that could be: getSession() takes the cookie from the browser
    async ready() {},
    async close() {},
  };
}

/** A seal says in the clear when it ends, and is authenticated with it. */
function peekExpiry(cookie: string): number {
  return Number(cookie.split("*")[5]);
}

/** A session's content where it is one in every part; null where it is not. */
function toContent(unsealed: object, now: number): Content | null {
  const { id, createdAt, data } = unsealed as Record<keyof Content, unknown>;
  const isContent =
    typeof id === "string" &&
    isId(id) &&
    typeof createdAt === "number" &&
    createdAt <= now + MAX_SKEW_MS &&
    typeof data === "object" &&
    data !== null &&
    !Array.isArray(data);
  return isContent ? { id, createdAt, data: data as JsonObject } : null;
}

/** iron-session takes a key where its types say a password: then it derives none, which is most of what a seal costs. */
function toPassword(key: Uint8Array | undefined): Record<string, string> {
  return { 1: key } as never;
}

export const strategy = singleton("strategy", () => cookieStrategy());

export const { getSession, serverTiming, auth, authOptions, renewCookie, register, ready } =
  sessions<Fields>(strategy);
