import { refusePage } from "@repo/session";
import { type NextRequest, NextResponse } from "next/server";
import { renewCookie } from "@/session";

// JSON routes skip the proxy, which would raise their CPU time by half (decisions/030). Forms pass it on every path.
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
  // Here, not in the page: a page cannot answer with a status. next-auth's routes check a CSRF token.
  const refusal = await refusePage(request, isPage);
  if (refusal) return refusal;

  // next-auth and Next's check of server actions trust this header, and any client can send it.
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", request.headers.get("host") ?? "");

  const response = NextResponse.next({ request: { headers } });
  // A page cannot set cookies, so without this a visitor who only reads pages would lose the session. Not for
  // /api/auth/session: a poll in progress during a sign-in would restore the old session.
  if (isPage && isRead) await renewCookie(request, response);
  return response;
}
