import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestRecord } from "./record.ts";

/** Heroku's limit for the request line, for each header line and for each cookie of an answer. */
export const LINE_LIMIT_BYTES = 8_192;
export const VIA = "1.1 heroku-router";

const VALID_REQUEST_ID = /^[A-Za-z0-9+/=-]{20,200}$/;

/** Valid for one connection only, or set anew below. `expect` is answered by the router itself. */
const NOT_PASSED_ON = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-request-id",
  "x-request-start",
]);

/** The names that a `Connection` header declares to be hop-by-hop, beyond the usual ones. */
export function connectionNames(value: string | undefined): Set<string> | undefined {
  if (!value || value === "keep-alive" || value === "close") return undefined;
  return new Set(value.split(",").map((name) => name.trim().toLowerCase()));
}

/** The headers for the dyno as name, value, name, value…; `undefined` when one is over the limit. */
export function requestHeaders(
  request: IncomingMessage,
  record: RequestRecord,
  port: number,
): string[] | undefined {
  const { rawHeaders, headers } = request;
  if (`${record.method} ${record.path} HTTP/1.1`.length > LINE_LIMIT_BYTES) return undefined;
  const dropped = connectionNames(headers.connection);
  const passedOn: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.length + 2 + value.length > LINE_LIMIT_BYTES) return undefined;
    const lower = name.toLowerCase();
    if (NOT_PASSED_ON.has(lower) || dropped?.has(lower)) continue;
    passedOn.push(name, value);
  }
  const client = request.socket.remoteAddress ?? "";
  const before = headers["x-forwarded-for"];
  const id = headers["x-request-id"] as string | undefined;
  record.forwardedFor = before ? `${before}, ${client}` : client;
  record.requestId = id && VALID_REQUEST_ID.test(id) ? id : randomUUID();
  passedOn.push(
    "X-Forwarded-For",
    record.forwardedFor,
    "X-Forwarded-Proto",
    record.secure ? "https" : "http",
    "X-Forwarded-Port",
    String(port),
    "X-Request-Start",
    String(Date.now()),
    "X-Request-Id",
    record.requestId,
    "Via",
    headers.via ? `${headers.via}, ${VIA}` : VIA,
  );
  return passedOn;
}
