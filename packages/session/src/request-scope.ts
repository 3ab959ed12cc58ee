import { cookies, headers } from "next/headers.js";
import type { AppSession, CookieJar } from "./app-session.ts";
import { SESSION_COOKIE, sessionCookieAttributes } from "./config.ts";
import { once } from "./process.ts";
import type { Meter } from "./trips.ts";

/** What is kept for the length of one request, and shared by all who ask for the session in it. */
export interface RequestScope {
  readonly jar: CookieJar;
  readonly meter: Meter;
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
  const scopes = once("requests", () => new WeakMap<object, RequestScope>());
  const request = await headers();
  const known = scopes.get(request);
  if (known) return known;
  const brought = (await cookies()).get(SESSION_COOKIE)?.value;
  const scope: RequestScope = { jar: nextCookieJar(brought), meter: { trips: 0, milliseconds: 0 } };
  scopes.set(request, scope);
  return scope;
}

/** `cookies()` is asked anew for each write: what it gave to a component cannot be written to, an action's can. */
function nextCookieJar(brought: string | undefined): CookieJar {
  return {
    get: () => brought,
    async set(value, maxAgeSeconds) {
      const attributes = { ...sessionCookieAttributes, maxAge: maxAgeSeconds };
      (await cookies()).set(SESSION_COOKIE, value, attributes);
    },
    async delete() {
      (await cookies()).set(SESSION_COOKIE, "", { ...sessionCookieAttributes, maxAge: 0 });
    },
  };
}
