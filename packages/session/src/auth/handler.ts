import type { NextRequest } from "next/server.js";
import NextAuthModule, { type AuthOptions } from "next-auth";
import { SESSION_COOKIE, type SessionConfig, setCookieLine } from "../config.ts";
import { answerMethods } from "../http/guard-requests.ts";
import { problem, sessionProblem } from "../http/problem.ts";
import type { RequestScope } from "../next/request-scope.ts";
import { unwrap } from "./options.ts";
import {
  CALLBACK_URL_COOKIE,
  CSRF_COOKIE,
  readCookies,
  readFields,
  readQuery,
  secretOfCsrfCookie,
} from "./request.ts";

const NextAuth = unwrap(NextAuthModule);

export type AuthHandler = (
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
) => Promise<Response>;

/**
 * The route of next-auth, without what it must not do. It is called the way a Pages API route calls it,
 * because that takes the headers from us: the host that it builds its links from is `Host`, never what a client
 * put into `X-Forwarded-Host`. Of its answer the session cookie is dropped, always: `getSession()` alone writes
 * that one. (As shipped, each poll of /api/auth/session sends back the value that it read, and so undoes a sign-in
 * that happened meanwhile; and a store that fails costs the visitor the cookie.)
 */
export function authHandler(
  options: AuthOptions,
  config: () => SessionConfig,
  requestScope: () => Promise<RequestScope>,
): AuthHandler {
  return async (request, context) => {
    // Only `Host` gets through to next-auth, so what builds its links may be trusted.
    process.env.AUTH_TRUST_HOST ??= "true";
    const { nextauth } = await context.params;
    const method = request.method === "HEAD" ? "GET" : request.method;
    const refusal = refuse(options, request, nextauth);
    if (refusal) return unshared(refusal);
    const scope = await requestScope();
    scope.isPoll = method === "GET" && nextauth[0] === "session";
    const cookies = readCookies(request);
    const csrf = cookies[CSRF_COOKIE];
    const secret = csrf && secretOfCsrfCookie(csrf, config().secrets);
    const headers = Object.fromEntries(request.headers);
    const answer = newAnswer();
    try {
      await NextAuth(
        {
          method,
          headers: { ...headers, "x-forwarded-host": headers.host },
          cookies,
          query: { ...readQuery(request), nextauth },
          body: await readFields(request),
        } as never,
        answer.response as never,
        secret ? { ...options, secret } : options,
      );
    } catch (error) {
      return unshared(error instanceof Response ? error : sessionProblem(error));
    }
    if (scope.failure) return unshared(sessionProblem(scope.failure));
    const isBad = request.cookies.has(CALLBACK_URL_COOKIE) && !(CALLBACK_URL_COOKIE in cookies);
    if (isBad) answer.clear(CALLBACK_URL_COOKIE);
    return unshared(answer.toResponse());
  };
}

/** Refuses what next-auth should not accept: log lines from any client, and methods that it answers with 500. */
function refuse(
  { providers }: AuthOptions,
  request: NextRequest,
  [action, providerId]: string[],
): Response | null {
  if (action === "_log") return problem(404, "Not found", "This app does not accept log lines.");
  const provider = providers.find(({ id }) => id === providerId);
  const takesForms = action === "callback" && provider?.type === "credentials";
  const methods = takesForms ? ["POST"] : ["GET", "HEAD", "POST"];
  if (methods.includes(request.method)) return null;
  return answerMethods(request, [...methods, "OPTIONS"].sort().join(", "));
}

/** Pages and JSON answers contain the visitor's CSRF token or session data. */
function unshared(response: Response): Response {
  response.headers.set("cache-control", "private, no-store");
  response.headers.set("vary", "Cookie");
  return response;
}

/** The part of a Pages API response that next-auth uses. */
function newAnswer() {
  const headers: Record<string, string | string[]> = {};
  let status = 200;
  let body: string | null = null;
  const response = {
    status(code: number) {
      status = code;
      return response;
    },
    getHeader: (name: string) => headers[name.toLowerCase()],
    setHeader(name: string, value: string | string[]) {
      headers[name.toLowerCase()] = value;
      return response;
    },
    json(value: unknown) {
      response.setHeader("content-type", "application/json");
      body = JSON.stringify(value);
    },
    send(value: unknown) {
      if (typeof value === "string") body = value;
      else if (value !== undefined) response.json(value);
    },
    end() {},
  };
  const setCookies = () => [headers["set-cookie"] ?? []].flat();
  return {
    response,
    /** Deletes the cookie, unless the answer gives it a new value anyway. */
    clear(name: string) {
      if (setCookies().some((line) => line.startsWith(`${name}=`))) return;
      headers["set-cookie"] = [...setCookies(), setCookieLine(name, "", 0)];
    },
    toResponse() {
      const { "set-cookie": _, ...rest } = headers;
      const kept = setCookies().filter((line) => !line.startsWith(SESSION_COOKIE));
      const pairs = Object.entries(rest).map(([name, value]) => [name, String(value)]);
      const all = [...pairs, ...kept.map((line) => ["set-cookie", line])] as [string, string][];
      return new Response(body, { status, headers: all });
    },
  };
}
