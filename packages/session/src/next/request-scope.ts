import { AsyncLocalStorage } from "node:async_hooks";
import { cookies, headers } from "next/headers.js";
import { ENDED_COOKIE, SESSION_COOKIE, sessionCookieAttributes } from "../config.ts";
import type { AppSession, CookieJar } from "../session/app-session.ts";
import { singleton } from "../singletons.ts";
import { type Meter, newMeter } from "../store/round-trips.ts";

/** The state of one request, shared by all code that asks for its session. */
export interface RequestScope {
  readonly jar: CookieJar;
  readonly meter: Meter;
  /** How long the request's body is, as declared, or as read where the length was not declared. */
  bodyBytes?: number;
  /** What the browser calls itself. */
  readonly userAgent?: string | undefined;
  /** Set by the first call of `getSession()`. */
  session?: Promise<AppSession<object>>;
  /** Reading moves no expiry: for polls. */
  isPoll?: boolean;
  /** What a strategy threw in this request. next-auth swallows errors; its route asks here. */
  failure?: Error;
}

/**
 * Identifies a request by its headers object: Next hands out one per request, the same to components, actions and route
 * handlers, however they are bundled. (React's `cache` does nothing in route handlers.)
 */
export async function nextRequestScope(): Promise<RequestScope> {
  const scopes = singleton("requests", () => new WeakMap<object, RequestScope>());
  const request = await headers();
  const known = scopes.get(request);
  if (known) return known;
  const bodyBytes = Number(request.get("content-length")) || 0;
  const scope: RequestScope = {
    jar: await nextCookieJar(),
    meter: newMeter(),
    bodyBytes,
    userAgent: request.get("user-agent") ?? undefined,
  };
  scopes.set(request, scope);
  return scope;
}

const handlers = singleton("handlers", () => new AsyncLocalStorage<true>());

/** For `route()`: what runs in `work` may set cookies even when it only reads. Next throws where a component does. */
export function inHandler<T>(work: () => T): T {
  return handlers.run(true, work);
}

/** Calls `cookies()` again for each write: the object that a component got is read-only, an action's is not. */
async function nextCookieJar(): Promise<CookieJar> {
  const all = await cookies();
  const [sentCookie, marker] = [all.get(SESSION_COOKIE)?.value, all.get(ENDED_COOKIE)?.value];
  const set = async (name: string, value: string, maxAge: number) => {
    (await cookies()).set(name, value, { ...sessionCookieAttributes, maxAge });
  };
  return {
    get: () => sentCookie,
    set: (value, maxAgeSeconds) => set(SESSION_COOKIE, value, maxAgeSeconds),
    delete: () => set(SESSION_COOKIE, "", 0),
    canRenew: handlers.getStore() === true,
    ended: {
      get: () => marker,
      set: (value, maxAgeSeconds) => set(ENDED_COOKIE, value, maxAgeSeconds),
    },
  };
}
