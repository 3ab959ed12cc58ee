import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Admission, Backend, RequestRecord } from "./types.ts";

/** https://devcenter.heroku.com/articles/http-routing#http-validation-and-restrictions (31 Jul 2025) */
const LIMITS = {
  /** Request line, and each header line of a request, in bytes. */
  requestLine: 8_192,
  requestHeaderName: 1_000,
  requestHeaders: 1_000,
  /** Status line and each cookie of a response, in bytes. */
  statusLine: 8_192,
  cookieLine: 8_192,
  /** Each other header line of a response, in bytes. */
  responseLine: 524_288,
};

/** The header is Heroku's; its value is unsourced. */
const VIA = "1.1 heroku-router";

/** Which ids Heroku takes over from a client: https://devcenter.heroku.com/articles/http-request-id */
const VALID_REQUEST_ID = /^[A-Za-z0-9+/=-]{20,200}$/;

/** `uri-host [":" port]` of RFC 9110, 7.2: a name, an IPv4 address, or an IPv6 address in brackets. */
const VALID_HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d*)?$/i;

/** Valid for one connection only (RFC 9110, 7.6.1), or set below. `expect` is answered by the router itself. */
const NOT_FOR_THE_DYNO = new Set([
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

const NOT_FOR_THE_CLIENT = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The headers for the dyno: https://devcenter.heroku.com/articles/http-routing#heroku-headers
 * @returns name, value, name, value, …; `undefined` when the request is over a limit, or its `Host` names no host.
 */
export function requestHeaders(
  request: IncomingMessage,
  record: RequestRecord,
  port: number,
): string[] | undefined {
  const { rawHeaders, headers } = request;
  const requestLine = `${record.method} ${record.path} HTTP/1.1`;
  if (requestLine.length > LIMITS.requestLine) return undefined;
  if (rawHeaders.length / 2 > LIMITS.requestHeaders) return undefined;
  if (headers.host !== undefined && !VALID_HOST.test(headers.host)) return undefined;
  const dropped = connectionNames(headers.connection);
  const passedOn: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.length > LIMITS.requestHeaderName) return undefined;
    if (lineLength(name, value) > LIMITS.requestLine) return undefined;
    const lower = name.toLowerCase();
    if (NOT_FOR_THE_DYNO.has(lower) || dropped?.has(lower)) continue;
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

export interface ResponseHead {
  /** Name, value, name, value, … */
  headers: string[];
  /** Over a limit: Heroku does not pass it on (H25). */
  oversized: boolean;
}

/**
 * The dyno's response without what belongs to its connection with the router, and with a cookie for session affinity
 * where the client has none for this dyno. Bytes stay as they are: Latin-1.
 */
export function responseHead(
  raw: readonly (Buffer | string)[],
  { record, affinity, token }: Admission,
  backend: Backend,
  statusText = "",
): ResponseHead {
  const headers: string[] = [];
  let oversized = `HTTP/1.1 200 ${statusText}`.length > LIMITS.statusLine;
  let connection: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = latin1(raw[i]);
    const lower = name.toLowerCase();
    const value = latin1(raw[i + 1]);
    if (lower === "connection") connection = value.toLowerCase();
    if (NOT_FOR_THE_CLIENT.has(lower)) continue;
    if (lower === "x-session") record.session = value;
    const limit = lower === "set-cookie" ? LIMITS.cookieLine : LIMITS.responseLine;
    if (lineLength(name, value) > limit) oversized = true;
    headers.push(name, value);
  }
  const dropped = connectionNames(connection);
  if (dropped) dropNames(headers, dropped);
  headers.push("Via", VIA);
  if (affinity && token !== backend.token) {
    headers.push("Set-Cookie", affinityCookie(backend, record.secure));
  }
  return { headers, oversized };
}

/** https://devcenter.heroku.com/articles/session-affinity (9 Mar 2020). The attributes are unsourced. */
const AFFINITY_COOKIE = "heroku-session-affinity";
const AFFINITY_PATTERN = new RegExp(`(?:^|;\\s*)${AFFINITY_COOKIE}=([^;]*)`);

/** The token of the dyno that answered this client before. */
export function affinityToken(cookies: string | undefined): string | undefined {
  return cookies?.includes(AFFINITY_COOKIE) ? AFFINITY_PATTERN.exec(cookies)?.[1] : undefined;
}

function affinityCookie({ token }: Backend, secure: boolean): string {
  return `${AFFINITY_COOKIE}=${token}; Path=/; HttpOnly${secure ? "; Secure" : ""}`;
}

const lineLength = (name: string, value: string) => name.length + 2 + value.length;

/** The names that a `Connection` header declares to be hop-by-hop, beyond the usual ones. */
function connectionNames(value: string | undefined): Set<string> | undefined {
  if (!value || value === "keep-alive" || value === "close") return undefined;
  return new Set(value.split(",").map((name) => name.trim().toLowerCase()));
}

function latin1(text: Buffer | string | undefined): string {
  return typeof text === "string" ? text : (text?.toString("latin1") ?? "");
}

function dropNames(headers: string[], names: Set<string>) {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (names.has((headers[i] as string).toLowerCase())) headers.splice(i, 2);
  }
}
