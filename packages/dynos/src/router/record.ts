import type { IncomingMessage } from "node:http";
import type { HCode } from "./codes.ts";
import { H_CODES } from "./codes.ts";
import type { RequestEvent } from "./types.ts";

/** What is known of one request on its way through the router: the source of its log line. */
export type RequestRecord = {
  method: string;
  path: string;
  host: string;
  secure: boolean;
  requestId: string;
  forwardedFor: string;
  dyno: string;
  /** How long it took to connect to the dyno, or to find that it does not take connections. */
  connectMs: number | undefined;
  /** 0 as long as no dyno is connected. */
  connectedAt: number;
  status: number;
  bytes: number;
  code: HCode | undefined;
  session: string | undefined;
};

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

/** A line that has a quote in it can still be read by field. */
const quotable = (text: string) => (text.includes('"') ? text.replaceAll('"', "%22") : text);

export function logLine(record: RequestRecord, serviceMs: number): string {
  const { code } = record;
  const level = code === undefined ? "info" : `error code=${code} desc="${H_CODES[code].desc}"`;
  const connect = record.connectMs === undefined ? "" : `${Math.round(record.connectMs)}ms`;
  const service = record.connectedAt === 0 ? "" : `${Math.round(serviceMs)}ms`;
  return `at=${level} method=${record.method} path="${quotable(record.path)}" host=${record.host} request_id=${record.requestId} fwd="${quotable(record.forwardedFor)}" dyno=${record.dyno} connect=${connect} service=${service} status=${record.status} bytes=${record.bytes} protocol=http1.1 tls=${record.secure}`;
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
