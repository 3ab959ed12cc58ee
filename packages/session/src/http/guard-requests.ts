import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { problem } from "./problem.ts";

/** The methods that Next has: next/dist/server/web/http.js. */
const METHODS = new Set(["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"]);

/** Tells a route the method that Next cannot pass on. */
const FOREIGN_METHOD = "x-foreign-method";

/**
 * Runs before Next, and refuses or rewrites requests that Next answers with 500:
 *
 * - An address that does not decode and an invalid `Host` get a 400 (RFC 9112, 3.2).
 * - TRACE, PROPFIND and the like become OPTIONS with the method in a header, so that the route itself can answer
 *   405 with its own `Allow`: Next's `Request` cannot be made with TRACE, and other methods render the page.
 * - `rsc`, with which Next's client asks for a page's data, is dropped from every method but GET and HEAD: a form that is
 *   sent with it to an address without a page ends in "Expected RSC response, got text/html". The client sends it with
 *   GET only (next/dist/client/components/router-reducer/fetch-server-response.js).
 *
 * Node publishes each request before the server emits it, so the first one is guarded too.
 */
export function guardRequests(): void {
  const guarded = new WeakSet<Server>();
  subscribe("http.server.request.start", (message) => {
    const { server } = message as { server: Server };
    if (guarded.has(server)) return;
    guarded.add(server);
    const listeners = server.listeners("request");
    server.removeAllListeners("request");
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const refusal = refuse(request);
      if (refusal) return void send(refusal, response);
      for (const listener of listeners) listener.call(server, request, response);
    });
  });
}

function refuse(request: IncomingMessage): Response | null {
  const { method = "", url = "", headers } = request;
  if (!decodes(url)) return problem(400, "Not an address", "The address is not valid UTF-8.");
  if (!URL.canParse(`http://${headers.host ?? "none"}`)) {
    return problem(400, "Not a host", "The header `Host` is not a host.");
  }
  delete headers[FOREIGN_METHOD];
  if (method !== "GET" && method !== "HEAD") delete headers.rsc;
  if (!METHODS.has(method)) {
    headers[FOREIGN_METHOD] = method;
    request.method = "OPTIONS";
  }
  return null;
}

function decodes(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

async function send(refusal: Response, response: ServerResponse): Promise<void> {
  const body = await refusal.text();
  response.writeHead(refusal.status, Object.fromEntries(refusal.headers));
  response.end(body);
}

/** The answer to OPTIONS, and to methods that a route does not have. `allow` lists the methods that it has. */
export function answerMethods(request: Request, allow: string): Response {
  const method = request.headers.get(FOREIGN_METHOD) ?? request.method;
  const headers = { allow };
  if (method === "OPTIONS") return new Response(null, { status: 204, headers });
  return problem(405, "Method not allowed", `This route does not support ${method}.`, { headers });
}
