import { subscribe } from "node:diagnostics_channel";
import type { Server, ServerResponse } from "node:http";
import { isStopping } from "@repo/session";
import { servedBy } from "@/answer";

const STOP_WITHIN_MS = 25_000; // Heroku kills after 30 s.
const EXIT_CODE_SIGTERM = 143;

/**
 * Node publishes each request before Next sees it. This puts the dyno's name on every answer, files and errors
 * among them, for a fraction of what a proxy costs; and it makes SIGTERM quick. Next then closes its server and
 * waits, but a connection that is busy at that moment would stay open for the whole keep-alive of 95 s afterwards.
 */
export function watchAnswers(): void {
  const headers = new Map(Object.entries(servedBy()));
  const underWay = new Set<ServerResponse>();

  subscribe("http.server.request.start", (message) => {
    const { response, server } = message as { response: ServerResponse; server: Server };
    response.setHeaders(headers);
    if (isStopping()) response.shouldKeepAlive = false;
    underWay.add(response);
    response.once("close", () => {
      underWay.delete(response);
      if (isStopping()) setImmediate(() => server.closeIdleConnections());
    });
  });

  process.once("SIGTERM", () => {
    for (const response of underWay) response.shouldKeepAlive = false;
    setTimeout(() => process.exit(EXIT_CODE_SIGTERM), STOP_WITHIN_MS).unref();
  });
}
