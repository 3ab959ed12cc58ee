import { refusePage } from "@repo/session";
import { type NextRequest, NextResponse } from "next/server";
import { renewCookie } from "@/session";

// The JSON routes do without it: it would add half again to what they cost. Forms pass it wherever they are sent.
export const config = {
  matcher: [
    "/",
    "/api/auth/:path*",
    {
      source: "/(.*)",
      has: [{ type: "header", key: "content-type", value: "multipart/form-data.*" }],
    },
  ],
};

export async function proxy(request: NextRequest) {
  const isPage = request.nextUrl.pathname === "/";
  const isRead = request.method === "GET" || request.method === "HEAD";
  // Here, not in the page: a page cannot answer with a status. next-auth's routes have a CSRF token of their own.
  const refusal = await refusePage(request, isPage);
  if (refusal) return refusal;

  // next-auth and Next's check of server actions believe this header, and anyone can send it.
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", request.headers.get("host") ?? "");

  const response = NextResponse.next({ request: { headers } });
  // A page cannot set cookies, so whoever only reads pages would be forgotten. Not for /api/auth/session: a poll
  // that was under way during a sign-in would put the old session back.
  if (isPage && isRead) await renewCookie(request, response);
  return response;
}
