import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { isStopping, servedBy } from "../process.ts";

/** How long the server goes on after SIGTERM: what a router sent a moment before arrives, and is no H13. */
const LINGER_MS = 1_000;
const STOP_WITHIN_MS = 25_000; // Heroku kills after 30 s.
const EXIT_CODE_SIGTERM = 143;

/**
 * Node publishes each request before Next sees it. This puts the dyno's name on every answer, files and errors
 * among them, for a fraction of what a proxy costs; and it makes SIGTERM gentle and quick, which Next alone is not.
 */
export function watchAnswers(): void {
  const headers = new Map(Object.entries(servedBy()));
  const connections = new Set<Socket>();
  const underWay = new Set<ServerResponse>();
  let isClosing = false;

  subscribe("net.server.socket", (message) => {
    const { socket } = message as { socket: Socket };
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });

  subscribe("http.server.request.start", (message) => {
    const { response } = message as { response: ServerResponse };
    response.setHeaders(headers);
    if (isStopping()) response.shouldKeepAlive = false;
    underWay.add(response);
    response.once("close", () => {
      underWay.delete(response);
      if (isClosing) setImmediate(closeUnused);
    });
  });

  /** Node's `closeIdleConnections` leaves those open that have not sent a whole request yet, for up to a minute. */
  function closeUnused(): void {
    const used = new Set([...underWay].map(({ socket }) => socket));
    for (const socket of connections) if (!used.has(socket)) socket.destroy();
  }

  const closeServer = takeListeners("SIGTERM");
  process.once("SIGTERM", () => {
    // Next waits for its connections, and one that is busy now would stay open for the whole keep-alive of 95 s.
    for (const response of underWay) response.shouldKeepAlive = false;
    setTimeout(() => {
      isClosing = true;
      closeServer();
      closeUnused();
    }, LINGER_MS);
    setTimeout(() => process.exit(EXIT_CODE_SIGTERM), STOP_WITHIN_MS).unref();
  });
  process.on("SIGTERM", () => {}); // a second one, as `npm start` passes it on, is no reason to break off
}

/** Next listens first, and closes its server at once: connections that wait to be accepted would be reset. */
function takeListeners(signal: NodeJS.Signals): () => void {
  const listeners = process.listeners(signal);
  process.removeAllListeners(signal);
  return () => {
    for (const listener of listeners) listener(signal);
  };
}
