import { AsyncLocalStorage } from "node:async_hooks";
import { cookies, headers } from "next/headers.js";
import type { NextRequest } from "next/server.js";
import { ENDED_COOKIE, SESSION_COOKIE, sessionCookieAttributes, setCookieLine } from "../config.ts";
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

/** A request that a handler of `route()` answers, and the session cookies that its response sets, by name. */
interface Handling {
  readonly request: NextRequest;
  readonly setCookies: Map<string, string>;
  scope?: RequestScope;
}

const handling = singleton("handling", () => new AsyncLocalStorage<Handling>());

/**
 * The state of the current request. In a handler of `route()` it is made from the request at hand: Next's `headers()` and
 * `cookies()`, which serve everywhere else, take 40 µs more.
 */
export async function nextRequestScope(): Promise<RequestScope> {
  const handled = handling.getStore();
  if (!handled) return scopeOfHeaders();
  handled.scope ??= newScope(handled.request.headers, handlerJar(handled));
  return handled.scope;
}

/** For `route()`: runs `work`, which may set cookies even when it only reads, and puts them on its response. */
export async function inHandler(
  request: NextRequest,
  work: () => Response | Promise<Response>,
): Promise<Response> {
  const setCookies = new Map<string, string>();
  const response = await handling.run({ request, setCookies }, work);
  return setCookies.size === 0 ? response : withCookies(response, [...setCookies.values()]);
}

/**
 * Identifies a request by its headers object: Next hands out one per request, the same to components, actions and route
 * handlers, however they are bundled. (React's `cache` does nothing in route handlers.)
 */
async function scopeOfHeaders(): Promise<RequestScope> {
  const scopes = singleton("requests", () => new WeakMap<object, RequestScope>());
  const request = await headers();
  const known = scopes.get(request);
  if (known) return known;
  const scope = newScope(request, await nextCookieJar());
  scopes.set(request, scope);
  return scope;
}

function newScope(request: Pick<Headers, "get">, jar: CookieJar): RequestScope {
  return {
    jar,
    meter: newMeter(),
    bodyBytes: Number(request.get("content-length")) || 0,
    userAgent: request.get("user-agent") ?? undefined,
  };
}

function handlerJar({ request, setCookies }: Handling): CookieJar {
  const get = (name: string) => request.cookies.get(name)?.value;
  const set = async (name: string, value: string, maxAge: number) => {
    setCookies.set(name, setCookieLine(name, value, maxAge));
  };
  return toJar(get, set, true);
}

/** Calls `cookies()` again for each write: the object that a component got is read-only, an action's is not. */
async function nextCookieJar(): Promise<CookieJar> {
  const all = await cookies();
  const get = (name: string) => all.get(name)?.value;
  const set = async (name: string, value: string, maxAge: number) => {
    (await cookies()).set(name, value, { ...sessionCookieAttributes, maxAge });
  };
  return toJar(get, set, false);
}

/** @param canRenew false where Next may throw when a read sets a cookie, as it does in a component */
function toJar(
  get: (name: string) => string | undefined,
  set: (name: string, value: string, maxAgeSeconds: number) => Promise<void>,
  canRenew: boolean,
): CookieJar {
  const [sentCookie, marker] = [get(SESSION_COOKIE), get(ENDED_COOKIE)];
  return {
    get: () => sentCookie,
    set: (value, maxAgeSeconds) => set(SESSION_COOKIE, value, maxAgeSeconds),
    delete: () => set(SESSION_COOKIE, "", 0),
    canRenew,
    ended: {
      get: () => marker,
      set: (value, maxAgeSeconds) => set(ENDED_COOKIE, value, maxAgeSeconds),
    },
  };
}

function withCookies(response: Response, lines: string[]): Response {
  try {
    for (const line of lines) response.headers.append("set-cookie", line);
    return response;
  } catch {
    // The headers of `Response.redirect()` cannot be changed, and those of a copy can (Fetch Standard).
    return withCookies(new Response(response.body, response), lines);
  }
}
