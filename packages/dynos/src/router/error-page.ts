import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Failure, H_CODES } from "./codes.ts";
import { recordFailure } from "./record.ts";
import type { RequestRecord } from "./types.ts";

/** Answers with the error page, unless an answer is on its way already. */
export function answerError(response: ServerResponse, record: RequestRecord, failure: Failure) {
  if (response.headersSent) return;
  recordFailure(record, failure);
  const page = Buffer.from(errorPage(failure));
  record.bytes = response.req.method === "HEAD" ? 0 : page.length;
  response.writeHead(record.status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": page.length,
    "Cache-Control": "no-cache, no-store",
  });
  response.end(page);
}

/** Answers what Node's parser cannot read. Nothing is known of the request, so nothing is logged. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex) {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const page = errorPage(400);
  const head = [
    `HTTP/1.1 ${late ? "408 Request Timeout" : "400 Bad Request"}`,
    "Connection: close",
    "Content-Type: text/html; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(page)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${page}`);
}

/** What the visitor sees instead of the app. The code is for the developer, who finds it in the router's log. */
function errorPage(failure: Failure): string {
  if (failure === 400) {
    return page(
      "Bad request",
      "The request is not valid HTTP, or it is over one of the router's limits.",
    );
  }
  const title =
    failure === "H25" ? "The response is over a limit" : "The application did not respond";
  return page(
    title,
    `If you run this application, look for <code>code=${failure}</code> (${H_CODES[failure].desc}) in <code>dynos logs --source router</code>.`,
  );
}

function page(title: string, text: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto 0;padding:0 1rem;color-scheme:light dark}</style>
</head>
<body>
<h1>${title}</h1>
<p>${text}</p>
</body>
</html>
`;
}
