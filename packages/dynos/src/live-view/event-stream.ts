import type { ServerResponse } from "node:http";

/** A browser that does not read, because its tab sleeps, must not make us keep what it misses. */
const BEHIND_BYTES = 256 * 1_024;

/** Server-sent events to one browser. */
export function eventStream(response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 1000\n\n");
  function send(event: string, data: unknown): void {
    if (response.writable) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  return {
    /** For what comes once. */
    send,
    /** For what comes again and again: left out while the browser does not read. */
    offer(event: string, data: unknown): void {
      if (response.writableLength < BEHIND_BYTES) send(event, data);
    },
  };
}
