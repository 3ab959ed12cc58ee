import { bootId, dynoName } from "@repo/session";
import { type getSession, serverTiming } from "@/session";
import pkg from "../package.json";

/** `cookie`, `database`, `cache` or `file`. */
const STRATEGY = pkg.strategy.title.toLowerCase();

type AppSession = Awaited<ReturnType<typeof getSession>>;

/** The body that SPEC.md promises. */
export function body(session: AppSession | null) {
  return {
    app: pkg.name,
    strategy: STRATEGY,
    dyno: dynoName(),
    bootId: bootId(),
    session: session && facts(session),
  };
}

/** What a session says about itself: null where there is none. */
function facts(session: AppSession) {
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

/** An answer that no session has a part in. */
export function plain(value: unknown): Response {
  return Response.json(value, { headers: { "cache-control": "no-store" } });
}

/** The answer of the session routes, with their headers. */
export async function answer(session: AppSession, status: 200 | 204 = 200): Promise<Response> {
  const headers = {
    "x-session": session.cookie,
    "server-timing": await serverTiming(),
    "cache-control": "private, no-store",
    vary: "Cookie",
  };
  if (status === 204) return new Response(null, { status, headers });
  return Response.json(body(session), { headers });
}
