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
/** What Next takes for a server action, wherever it is sent. */
const FORM = "multipart/form-data";
const ALLOW = "GET, HEAD, OPTIONS, POST";

/**
 * What a page must not be asked for, answered; null where nothing is wrong. Next renders the page whatever the
 * method, and answers with a bare 500 where a form is from another site, cannot be read, or is sent where no page
 * is.
 *
 * @param isPage Whether there is a page, with forms, at the address.
 */
export async function refusePage(request: NextRequest, isPage: boolean): Promise<Response | null> {
  if (isPage && !METHODS.includes(request.method)) return answerMethods(request, ALLOW);
  if (request.method !== "POST") return null;
  if (isPage && isCrossSite(request.headers)) {
    return Response.redirect(new URL("/?refused", request.url), 303);
  }
  if (!request.headers.get("content-type")?.startsWith(FORM)) return null;
  if (!isPage) return problem(415, "No form here", `Nothing at this address takes ${FORM}.`);
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
 * Where the cookie holds the session, its expiry moves by a new cookie, and a page cannot set one: the proxy
 * does. The other strategies move it in the store, and their cookie lasts to the absolute end from the start.
 */
export async function renewCookie(
  strategy: Strategy,
  config: SessionConfig,
  request: NextRequest,
  response: NextResponse,
): Promise<void> {
  const brought = request.cookies.get(SESSION_COOKIE)?.value;
  const expiresAt = brought && strategy.peekExpiry?.(brought);
  if (!brought || !expiresAt) return;
  // A first look that costs nothing: createdAt is not known yet, so the absolute end is left out.
  if (!isTouchDue({ createdAt: config.now(), expiresAt }, config)) return;
  const marker = request.cookies.get(ENDED_COOKIE)?.value;
  const session = await readUnlessEnded(strategy, brought, marker, config);
  if (!session || !isTouchDue(session, config)) return;
  const renewed = await strategy.touch(session);
  if (!renewed) return;
  const attributes = { ...sessionCookieAttributes, maxAge: maxAgeSeconds(renewed, config) };
  response.cookies.set(SESSION_COOKIE, renewed.cookie, attributes);
  response.headers.set("cache-control", "private, no-store");
}
