import type { NextRequest, NextResponse } from "next/server.js";
import {
  ENDED_COOKIE,
  SESSION_COOKIE,
  type SessionConfig,
  sessionCookieAttributes,
} from "../config.ts";
import type { Strategy } from "../contract.ts";
import { readUnlessEnded } from "../session/ended-sessions.ts";
import { isTouchDue, maxAgeSeconds } from "../store/lifetime.ts";

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
