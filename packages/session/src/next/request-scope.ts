import { AsyncLocalStorage } from "node:async_hooks";
import { cookies, headers } from "next/headers.js";
import { ENDED_COOKIE, SESSION_COOKIE, sessionCookieAttributes } from "../config.ts";
import type { AppSession, CookieJar } from "../session/app-session.ts";
import { singleton } from "../singletons.ts";
import { type Meter, newMeter } from "../store/round-trips.ts";

/** What is kept for the length of one request, and shared by all who ask for the session in it. */
export interface RequestScope {
  readonly jar: CookieJar;
  readonly meter: Meter;
  /** How long the request's body is, as declared, or as read where the length was not declared. */
  bodyBytes?: number;
  /** The session, once somebody asked for it. */
  session?: Promise<AppSession<object>>;
  /** Reading moves no expiry: for polls. */
  isPoll?: boolean;
  /** What a strategy threw in this request. next-auth swallows errors; its route asks here. */
  failure?: Error;
}

/**
 * Next hands out one headers object per request, the same to components, actions and route handlers, however
 * they are bundled: so it is what a request is recognised by. (React's `cache` does nothing in route handlers.)
 */
export async function nextRequestScope(): Promise<RequestScope> {
  const scopes = singleton("requests", () => new WeakMap<object, RequestScope>());
  const request = await headers();
  const known = scopes.get(request);
  if (known) return known;
  const bodyBytes = Number(request.get("content-length")) || 0;
  const scope: RequestScope = { jar: await nextCookieJar(), meter: newMeter(), bodyBytes };
  scopes.set(request, scope);
  return scope;
}

const handlers = singleton("handlers", () => new AsyncLocalStorage<true>());

/** For `route()`: what runs in `work` may set cookies even when it only reads. Next throws where a component does. */
export function inHandler<T>(work: () => T): T {
  return handlers.run(true, work);
}

/** `cookies()` is asked anew for each write: what it gave to a component cannot be written to, an action's can. */
async function nextCookieJar(): Promise<CookieJar> {
  const all = await cookies();
  const [brought, marker] = [all.get(SESSION_COOKIE)?.value, all.get(ENDED_COOKIE)?.value];
  const set = async (name: string, value: string, maxAge: number) => {
    (await cookies()).set(name, value, { ...sessionCookieAttributes, maxAge });
  };
  return {
    get: () => brought,
    set: (value, maxAgeSeconds) => set(SESSION_COOKIE, value, maxAgeSeconds),
    delete: () => set(SESSION_COOKIE, "", 0),
    canRenew: handlers.getStore() === true,
    ended: {
      get: () => marker,
      set: (value, maxAgeSeconds) => set(ENDED_COOKIE, value, maxAgeSeconds),
    },
  };
}
