import { createHash } from "node:crypto";
import type { NextRequest } from "next/server.js";
import type { AuthOptions } from "next-auth";
import { isProduction, SESSION_COOKIE, sessionCookieAttributes } from "../config.ts";
import { problem } from "../http/problem.ts";
import { readUpTo } from "../next/bodies.ts";
import { deriveKey } from "../store/seal.ts";

/** A sign-in form has a name, a token and an address. */
const MAX_BODY_BYTES = 65_536;
/** It comes back in a cookie and in `Location`, and routers take 8 KB of a line. */
const MAX_CALLBACK_URL_CHARACTERS = 2_000;
const OAUTH_SECONDS = 15 * 60; // next-auth's own

const prefix = isProduction ? "__Host-" : "";
export const CALLBACK_URL_COOKIE = `${prefix}next-auth.callback-url`;
export const CSRF_COOKIE = `${prefix}next-auth.csrf-token`;

/** All of them with the `__Host-` prefix, where next-auth has `__Secure-`: a sibling subdomain can plant those. */
export const authCookies: NonNullable<AuthOptions["cookies"]> = {
  sessionToken: cookie(SESSION_COOKIE),
  callbackUrl: cookie(CALLBACK_URL_COOKIE),
  csrfToken: cookie(CSRF_COOKIE),
  pkceCodeVerifier: cookie(`${prefix}next-auth.pkce.code_verifier`, OAUTH_SECONDS),
  state: cookie(`${prefix}next-auth.state`, OAUTH_SECONDS),
  nonce: cookie(`${prefix}next-auth.nonce`),
};

function cookie(name: string, maxAge?: number) {
  return { name, options: { ...sessionCookieAttributes, ...(maxAge && { maxAge }) } };
}

/**
 * The cookies that next-auth needs, by their exact names, and no other: it takes `__Host-session[0]` for a part of
 * the session, and answers 500 for it. An invalid address is left out, for the same reason.
 */
export function readCookies(request: NextRequest): Record<string, string> {
  const all = Object.values(authCookies).flatMap(({ name }) => {
    const value = request.cookies.get(name)?.value;
    const kept = name === CALLBACK_URL_COOKIE ? cleanCallbackUrl(value) : value;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(all);
}

export function readQuery(request: NextRequest): Record<string, string | undefined> {
  const query = Object.fromEntries(request.nextUrl.searchParams);
  return { ...query, callbackUrl: cleanCallbackUrl(query.callbackUrl) };
}

/** The fields of a form, or of the same as JSON: texts alone. Throws a 413 as a Response. */
export async function readFields(
  request: NextRequest,
): Promise<Record<string, string | undefined> | undefined> {
  if (request.method !== "POST") return undefined;
  const tooLarge = () =>
    problem(413, "Too large", `A sign-in takes a body of at most ${MAX_BODY_BYTES} bytes.`);
  const text = (await readUpTo(request, MAX_BODY_BYTES, tooLarge)).toString();
  const isJson = request.headers.get("content-type")?.includes("application/json");
  const fields = isJson ? parse(text) : Object.fromEntries(new URLSearchParams(text));
  const texts = Object.entries(fields).filter(([, value]) => typeof value === "string");
  const { callbackUrl, ...rest } = Object.fromEntries(texts);
  return { ...rest, callbackUrl: cleanCallbackUrl(callbackUrl) };
}

function parse(json: string): object {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}

/** Stands for the app's own address, which a path is left without. */
const HERE = "http://here.invalid";

/** Where to go after a sign-in, normalized by `URL`; undefined unless it is a path or a web address. */
function cleanCallbackUrl(value: string | undefined): string | undefined {
  if (!value || value.length > MAX_CALLBACK_URL_CHARACTERS) return undefined;
  const base = value.startsWith("/") ? HERE : undefined;
  if (!URL.canParse(value, base)) return undefined;
  const { href, protocol } = new URL(value, base);
  if (!/^https?:$/.test(protocol)) return undefined;
  return href.startsWith(`${HERE}/`) ? href.slice(HERE.length) : href;
}

/** The key that next-auth signs CSRF tokens and OAuth state with. It differs from the key that seals sessions. */
export function authSecret(sessionSecret: string): string {
  return deriveKey(sessionSecret, "next-auth").toString("hex");
}

/**
 * During a rotation a form may return to a dyno whose first secret is not the one that made the form. Returns the secret
 * that made its CSRF cookie, where it is one of `secrets`.
 */
export function secretOfCsrfCookie(cookie: string, secrets: readonly string[]): string | undefined {
  const [token, hash] = cookie.split("|");
  return secrets
    .map(authSecret)
    .find((secret) => hash === createHash("sha256").update(`${token}${secret}`).digest("hex"));
}
