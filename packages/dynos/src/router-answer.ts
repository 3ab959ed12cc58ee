import type { ServerResponse } from "node:http";
import { H_CODES } from "./router-codes.ts";
import { errorPage } from "./router-error-page.ts";
import type { RequestRecord } from "./router-record.ts";

/** The error page for the code in the record. */
export function answerError(response: ServerResponse, record: RequestRecord) {
  if (!record.code || response.headersSent) return;
  const page = Buffer.from(errorPage(record.code));
  record.status = H_CODES[record.code].status;
  record.bytes = response.req?.method === "HEAD" ? 0 : page.length;
  response.writeHead(record.status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": page.length,
    "Cache-Control": "no-cache, no-store",
  });
  response.end(page);
}
