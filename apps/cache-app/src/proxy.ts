import { servedBy } from "@repo/session";
import { isCrossSite } from "@repo/session/cross-site";
import { type NextRequest, NextResponse } from "next/server";
import { renewCookie } from "@/session";

// The JSON routes do without it: it would add half again to what they cost.
export const config = { matcher: ["/", "/api/auth/:path*"] };

export async function proxy(request: NextRequest) {
  const isPage = request.nextUrl.pathname === "/";
  const isRead = request.method === "GET" || request.method === "HEAD";
  // Next would answer with a bare 500. next-auth's routes have a CSRF token of their own.
  if (isPage && !isRead && isCrossSite(request.headers)) {
    return NextResponse.redirect(new URL("/?refused", request.url), 303);
  }

  // next-auth and Next's check of server actions believe this header, and anyone can send it.
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", request.headers.get("host") ?? "");

  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(servedBy())) response.headers.set(name, value);
  // A page cannot set cookies, so whoever only reads pages would be forgotten. Not for /api/auth/session: a poll
  // that was under way during a sign-in would put the old session back.
  if (isPage && isRead) await renewCookie(request, response);
  return response;
}
