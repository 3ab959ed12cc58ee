import type { NextRequest } from "next/server.js";
import NextAuthModule, { type AuthOptions } from "next-auth";
import { secretOfCsrfCookie } from "./auth-secret.ts";
import { SESSION_COOKIE, type SessionConfig } from "./config.ts";
import { sessionProblem } from "./problem.ts";
import type { RequestScope } from "./request-scope.ts";
import { unwrap } from "./unwrap.ts";

const NextAuth = unwrap(NextAuthModule);

const CSRF_COOKIE = /^(__Host-)?next-auth\.csrf-token$/;

export type AuthHandler = (
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
) => Promise<Response>;

/**
 * The route of next-auth, with what it must not do taken away. It is called the way a Pages API route calls it,
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
    const scope = await requestScope();
    scope.isPoll = request.method === "GET" && nextauth[0] === "session";
    const cookies = Object.fromEntries(request.cookies.getAll().map((c) => [c.name, c.value]));
    const csrf = Object.entries(cookies).find(([name]) => CSRF_COOKIE.test(name))?.[1];
    const secret = csrf && secretOfCsrfCookie(csrf, config().secrets);
    const headers = Object.fromEntries(request.headers);
    const answer = newAnswer();
    try {
      await NextAuth(
        {
          method: request.method,
          headers: { ...headers, "x-forwarded-host": headers.host },
          cookies,
          query: { ...Object.fromEntries(request.nextUrl.searchParams), nextauth },
          body: await readBody(request),
        } as never,
        answer.response as never,
        secret ? { ...options, secret } : options,
      );
    } catch (error) {
      return sessionProblem(error);
    }
    return scope.failure ? sessionProblem(scope.failure) : answer.toResponse();
  };
}

async function readBody(request: NextRequest): Promise<unknown> {
  if (request.method !== "POST") return undefined;
  if (request.headers.get("content-type")?.includes("application/json")) {
    return request.json().catch(() => undefined);
  }
  return Object.fromEntries(new URLSearchParams(await request.text()));
}

/** As much of a Pages API response as next-auth uses. */
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
  return {
    response,
    toResponse() {
      const { "set-cookie": cookies = [], ...rest } = headers;
      const kept = [cookies].flat().filter((line) => !line.startsWith(SESSION_COOKIE));
      const pairs = Object.entries(rest).map(([name, value]) => [name, String(value)]);
      const all = [...pairs, ...kept.map((line) => ["set-cookie", line])] as [string, string][];
      return new Response(body, { status, headers: all });
    },
  };
}
