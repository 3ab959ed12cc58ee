/**
 * The session is the cookie: the data itself, in a seal of iron-session, so that the visitor can neither read nor change it.
 *
 * - Where the data lives: in the visitor's browser. There is no store to run, to pay for or to fail. Every dyno can read
 *   every session, because it arrives with the request.
 * - What the cookie holds: the id, the start and the data of the session, at most 2,777 bytes of JSON. Browsers drop a
 *   cookie of more than 4,096 bytes.
 * - What it costs: up to 4 KB on each request, and CPU time, about a tenth of a millisecond to open a cookie and a sixth of
 *   that to seal one. A cookie that this process saw lately is not opened again.
 * - How it fails: of two writes at once one is lost, because the answer that reaches the browser last wins. A session
 *   cannot be revoked before it expires. Signing out removes the cookie from the browser and leaves a marker there, so
 *   that a late answer does not restore it. A stolen copy works on every dyno, and can be renewed up to the absolute end.
 *   Where that matters, use a strategy with a store.
 */
import { createSecretKey } from "node:crypto";
import { sessions } from "@repo/session";
import {
  deriveKey,
  expiryFromNow,
  isId,
  type JsonObject,
  lazy,
  MAX_COOKIE_CHARACTERS,
  Memo,
  newId,
  refuse,
  type Session,
  type SessionConfig,
  SessionsNotListedError,
  SessionTooLargeError,
  type Strategy,
  sessionConfig,
  singleton,
  storeKey,
} from "@repo/session/strategy";
import { unsealData } from "iron-session";
import type { Fields } from "./fields.ts";
import { seal } from "./stores/seal.ts";

const NAME = "cookie";
/** This many bytes always fit into MAX_COOKIE_CHARACTERS: a seal is 4/3 of its content and about 200 characters. */
const MAX_BYTES = 2_777;
/**
 * The one spelling of a seal that was made with a key, and so has no salts. iron-session also opens a seal with other text
 * after the `~`, and with four spellings of the signature's last character, which has two unused bits.
 */
const SEAL = /^Fe26\.2\*1\*\*[\w-]{22}\*[\w-]+\*\d+\*\*[\w-]{42}[AEIMQUYcgkosw048]~2$/;
/** Sessions of this app only: anything else that is sealed with `SESSION_SECRET` does not open as a session. */
const KEY_PURPOSE = "session cookie of cookie-app";
/** How far another dyno's clock may be ahead of this one's. iron-session allows the same. */
const MAX_SKEW_MS = 60_000;
const CANNOT_LIST =
  "Each session is in its visitor's browser, and no server knows of it. Use the database strategy, or the cache strategy.";
const MEMO_ENTRIES = 1_000; // of at most 4 KB of cookie and 3 KB of content

type Content = Pick<Session, "id" | "createdAt" | "data">;

export function cookieStrategy(readConfig: () => SessionConfig = sessionConfig): Strategy {
  const config = lazy(readConfig);
  const keys = lazy(() => config().secrets.map((secret) => deriveKey(secret, KEY_PURPOSE)));
  const sealKey = lazy(() => createSecretKey(deriveKey(config().secrets[0], KEY_PURPOSE)));
  /** What this process opened or sealed lately, as JSON: most requests bring the same cookie, and opening one is slow. */
  const memo = new Memo<string>(MEMO_ENTRIES);

  async function opened(cookie: string): Promise<Content | null> {
    const json = memo.get(cookie);
    if (json) return JSON.parse(json);
    const content = toContent(await unsealWithAny(cookie), config().now());
    if (content) memo.set(cookie, JSON.stringify(content));
    return content;
  }

  function sealed({ id, key, createdAt, data }: Content & Pick<Session, "key">): Session {
    const json = JSON.stringify(data);
    if (Buffer.byteLength(json) > MAX_BYTES) throw new SessionTooLargeError(NAME, MAX_BYTES);
    const text = `{"id":"${id}","createdAt":${createdAt},"data":${json}}`;
    const expiresAt = expiryFromNow(createdAt, config());
    const cookie = seal(text, sealKey(), expiresAt);
    memo.set(cookie, text);
    return { id, key, createdAt, data, cookie, expiresAt, version: "" }; // "": there is no version to compare
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
    return {}; // iron-session's answer for a seal that does not open
  }

  function toSession(cookie: string, content: Content): Session {
    const absoluteEnd = content.createdAt + config().absoluteSeconds * 1000;
    const expiresAt = Math.min(peekExpiry(cookie), absoluteEnd);
    return { ...content, key: storeKey(content.id), cookie, expiresAt, version: "" };
  }

  const hasExpired = ({ expiresAt }: Session) => expiresAt <= config().now();

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
      return hasExpired(session) ? refuse(NAME, "expired") : session;
    },
    async create(data) {
      const id = newId();
      return sealed({ id, key: storeKey(id), createdAt: config().now(), data });
    },
    async update(session, data) {
      if (hasExpired(session)) return { result: "gone" };
      return { result: "saved", session: sealed({ ...session, data }) };
    },
    touch: async (session) => (hasExpired(session) ? null : sealed(session)),
    cannotList: CANNOT_LIST,
    list: async () => {
      throw new SessionsNotListedError(NAME, CANNOT_LIST);
    },
    destroyListed: async () => {},
    destroy: async () => "destroyed", // there is nothing to destroy here: getSession() removes the cookie from the browser
    async ready() {},
    async close() {},
  };
}

/** A seal states its end in plain text, which is authenticated too. */
function peekExpiry(cookie: string): number {
  return Number(cookie.split("*")[5]);
}

/** The content of a session; null unless every part of it is valid. */
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

/** iron-session accepts a key where its types say password. It then derives no key, which is most of a seal's cost. */
function toPassword(key: Uint8Array | undefined): Record<string, string> {
  return { 1: key } as never;
}

export const strategy = singleton("strategy", () => cookieStrategy());

export const {
  getSession,
  serverTiming,
  mySessions,
  endSession,
  endOtherSessions,
  auth,
  authOptions,
  renewCookie,
  register,
  ready,
} = sessions<Fields>(strategy);
