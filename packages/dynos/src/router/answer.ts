import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { H_CODES } from "./codes.ts";
import { errorPage } from "./error-page.ts";
import type { RequestRecord } from "./record.ts";

/** The error page for the code in the record. */
export function answerError(response: ServerResponse, record: RequestRecord) {
  if (!record.code || response.headersSent) return;
  const page = Buffer.from(errorPage(record.code));
  record.status = H_CODES[record.code].status;
  record.bytes = response.req.method === "HEAD" ? 0 : page.length;
  response.writeHead(record.status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": page.length,
    "Cache-Control": "no-cache, no-store",
  });
  response.end(page);
}

/** What Node's parser could not read. Nothing is known of the request, so nothing is logged. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex) {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const page = errorPage("H26");
  const head = [
    `HTTP/1.1 ${late ? "408 Request Timeout" : "400 Bad Request"}`,
    "Connection: close",
    "Content-Type: text/html; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(page)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${page}`);
}
