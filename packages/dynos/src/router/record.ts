import type { IncomingMessage } from "node:http";
import { type Failure, H_CODES } from "./codes.ts";
import type { RequestEvent, RequestRecord } from "./types.ts";

export function createRecord(request: IncomingMessage, secure: boolean): RequestRecord {
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    host: request.headers.host ?? "",
    secure,
    requestId: "",
    forwardedFor: "",
    dyno: "",
    connectMs: undefined,
    connectedAt: 0,
    status: 0,
    bytes: 0,
    code: undefined,
    session: undefined,
  };
}

export function recordFailure(record: RequestRecord, failure: Failure): void {
  record.code = failure === 400 ? undefined : failure;
  record.status = failure === 400 ? 400 : H_CODES[failure].status;
}

/** A client chooses these values: a quote would end the field, and what follows would read as other fields. */
const quotable = (text: string) => (text.includes('"') ? text.replaceAll('"', "%22") : text);

/** `host` stands without quotes, so everything that is not part of a name or address is encoded. */
const unquotable = (text: string) =>
  text.replace(/[^\w.:[\]-]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    return `%${code.padStart(2, "0")}`;
  });

/**
 * A line in the format of https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format. `tls_version` is
 * `unknown`, as on herokuapp.com. That a request which breaks HTTP is `at=info` with a bare status 400 is unsourced.
 */
export function logLine(record: RequestRecord, serviceMs: number): string {
  const { code } = record;
  const level = code === undefined ? "info" : `error code=${code} desc="${H_CODES[code].desc}"`;
  const connect = record.connectMs === undefined ? "" : `${Math.round(record.connectMs)}ms`;
  const service = record.connectedAt === 0 ? "" : `${Math.round(serviceMs)}ms`;
  const tls = record.secure ? "true tls_version=unknown" : "false";
  return `at=${level} method=${record.method} path="${quotable(record.path)}" host=${unquotable(record.host)} request_id=${record.requestId} fwd="${quotable(record.forwardedFor)}" dyno=${record.dyno} connect=${connect} service=${service} status=${record.status} bytes=${record.bytes} protocol=http1.1 tls=${tls}`;
}

export function requestEvent(record: RequestRecord, serviceMs: number): RequestEvent {
  const { dyno, method, path, status, bytes, code, session } = record;
  return {
    at: Date.now(),
    dyno,
    method,
    path,
    status,
    ...(code && { code }),
    serviceMs,
    bytes,
    ...(session !== undefined && { session }),
  };
}
