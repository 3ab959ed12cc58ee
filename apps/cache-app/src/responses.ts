import { type AppSession, bootId, dynoName, type MySession } from "@repo/session";
import type { Fields } from "@/fields";
import { serverTiming } from "@/session";
import pkg from "../package.json";

/** `cookie`, `database`, `cache` or `file`. */
const STRATEGY = pkg.strategy.title.toLowerCase();

/** The body that SPEC.md promises. `session` is null where there is none. */
export function toBody(session: AppSession<Fields> | null) {
  return {
    app: pkg.name,
    strategy: STRATEGY,
    dyno: dynoName(),
    bootId: bootId(),
    session: session && describeSession(session),
  };
}

function describeSession(session: AppSession<Fields>) {
  const { info, visits = 0, note = null, user = null } = session;
  return (
    info && {
      fingerprint: info.fingerprint,
      visits,
      note,
      user: user && { name: user.name },
      createdAt: info.createdAt.toISOString(),
      expiresAt: info.expiresAt.toISOString(),
    }
  );
}

/** A response that does not depend on a session. */
export function plainResponse(value: unknown): Response {
  return Response.json(value, { headers: { "cache-control": "no-store" } });
}

/** The response of a session route, with the headers of SPEC.md. A 204 has no body. */
export async function sessionResponse(
  session: AppSession<Fields>,
  status: 200 | 204 = 200,
): Promise<Response> {
  const headers = await sessionHeaders(session);
  if (status === 204) return new Response(null, { status, headers });
  return Response.json(toBody(session), { headers });
}

/** The response of `GET /api/sessions`. */
export async function mySessionsResponse(
  session: AppSession<Fields>,
  sessions: MySession[],
): Promise<Response> {
  const { app, strategy, dyno, bootId } = toBody(session);
  const body = { app, strategy, dyno, bootId, sessions };
  return Response.json(body, { headers: await sessionHeaders(session) });
}

async function sessionHeaders(session: AppSession<Fields>) {
  return {
    "x-session": session.sessionOutcome,
    "server-timing": await serverTiming(),
    "cache-control": "private, no-store",
    vary: "Cookie",
  };
}
