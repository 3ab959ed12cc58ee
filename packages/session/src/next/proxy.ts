import type { NextRequest, NextResponse } from "next/server.js";
import {
  ENDED_COOKIE,
  SESSION_COOKIE,
  type SessionConfig,
  sessionCookieAttributes,
} from "../config.ts";
import type { Strategy } from "../contract.ts";
import { isCrossSite } from "../http/cross-site.ts";
import { answerMethods } from "../http/guard-requests.ts";
import { problem } from "../http/problem.ts";
import { readUnlessEnded } from "../session/ended-sessions.ts";
import { isTouchDue, maxAgeSeconds } from "../store/lifetime.ts";

const METHODS = ["GET", "HEAD", "POST"];
/** Next treats it as a server action at every address. */
const FORM = "multipart/form-data";
const ALLOW = "GET, HEAD, OPTIONS, POST";

/**
 * Refuses requests that a page cannot answer. Next renders the page for any method, and answers with a bare 500 where a
 * form comes from another site, cannot be read, or is sent to an address without a page.
 *
 * @param isPage true where there is a page with forms at the address
 * @returns null where the request is fine
 */
export async function refusePage(request: NextRequest, isPage: boolean): Promise<Response | null> {
  if (isPage && !METHODS.includes(request.method)) return answerMethods(request, ALLOW);
  if (request.method !== "POST") return null;
  if (isPage && isCrossSite(request.headers)) {
    return Response.redirect(new URL("/?refused", request.url), 303);
  }
  if (!request.headers.get("content-type")?.startsWith(FORM)) return null;
  if (!isPage) return problem(415, "No form here", `This address does not take ${FORM}.`);
  if (await isReadable(request)) return null;
  return problem(400, "Not a form", "The body is not the form that it is declared to be.");
}

async function isReadable(request: NextRequest): Promise<boolean> {
  return request.formData().then(
    () => true,
    () => false,
  );
}

/**
 * Moves the expiry of a session that is kept in the cookie, by a new cookie: a page cannot set one, so the proxy does.
 * Strategies that keep sessions on a server move it in their store, and their cookie lasts to the absolute end.
 */
export async function renewCookie(
  strategy: Strategy,
  config: SessionConfig,
  request: NextRequest,
  response: NextResponse,
): Promise<void> {
  const sentCookie = request.cookies.get(SESSION_COOKIE)?.value;
  const expiresAt = sentCookie && strategy.peekExpiry?.(sentCookie);
  if (!sentCookie || !expiresAt) return;
  // A first look that costs nothing: createdAt is not known yet, so the absolute end is left out.
  if (!isTouchDue({ createdAt: config.now(), expiresAt }, config)) return;
  const marker = request.cookies.get(ENDED_COOKIE)?.value;
  const session = await readUnlessEnded(strategy, sentCookie, marker, config);
  if (!session || !isTouchDue(session, config)) return;
  const renewed = await strategy.touch(session);
  if (!renewed) return;
  const attributes = { ...sessionCookieAttributes, maxAge: maxAgeSeconds(renewed, config) };
  response.cookies.set(SESSION_COOKIE, renewed.cookie, attributes);
  response.headers.set("cache-control", "private, no-store");
}
