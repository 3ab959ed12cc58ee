import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { singleton } from "../singletons.ts";

/** How long the server goes on after SIGTERM, so that what a router has just sent is answered: without it, H13. */
const LINGER_MS = 1_000;
/** Heroku sends SIGKILL 30 s after SIGTERM: https://devcenter.heroku.com/articles/dynos#graceful-shutdown-with-sigterm */
const STOP_WITHIN_MS = 25_000;
const EXIT_CODE_SIGTERM = 143;

/** True from SIGTERM on: /readyz then answers 503, while requests in progress are still answered. */
export function isStopping(): boolean {
  return shutdown().isRequested;
}

/** Runs `close` when the process exits: Next has then answered the requests that were in progress. */
export function closeAtExit(close: () => Promise<void>): void {
  const { closers } = shutdown();
  if (closers.size === 0) {
    process.once("SIGTERM", () => {
      shutdown().isRequested = true;
    });
    process.once("exit", () => {
      for (const each of closers) each().catch(() => {});
    });
  }
  closers.add(close);
}

function shutdown() {
  return singleton("shutdown", () => ({
    isRequested: false,
    closers: new Set<() => Promise<void>>(),
  }));
}

/**
 * Stops the server gently and within Heroku's time limit on SIGTERM, which Next alone does not (decisions/030): it goes
 * on for a second, for requests that the router had sent already, then closes, and waits for requests in progress.
 */
export function drainOnSigterm(): void {
  const connections = new Set<Socket>();
  const inProgress = new Set<ServerResponse>();
  let isClosing = false;

  subscribe("net.server.socket", (message) => {
    const { socket } = message as { socket: Socket };
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });

  subscribe("http.server.request.start", (message) => {
    const { response } = message as { response: ServerResponse };
    if (isStopping()) response.shouldKeepAlive = false;
    inProgress.add(response);
    response.once("close", () => {
      inProgress.delete(response);
      if (isClosing) setImmediate(closeUnused);
    });
  });

  /** Node's `closeIdleConnections` skips connections that have not sent a whole request yet, for up to a minute. */
  function closeUnused(): void {
    const used = new Set([...inProgress].map(({ socket }) => socket));
    for (const socket of connections) if (!used.has(socket)) socket.destroy();
  }

  const closeServer = takeListeners("SIGTERM");
  process.once("SIGTERM", () => {
    // Next waits for its connections, and one that is busy now would stay open for the whole keep-alive of 95 s.
    for (const response of inProgress) response.shouldKeepAlive = false;
    setTimeout(() => {
      isClosing = true;
      closeServer();
      closeUnused();
    }, LINGER_MS);
    setTimeout(() => process.exit(EXIT_CODE_SIGTERM), STOP_WITHIN_MS).unref();
  });
  process.on("SIGTERM", () => {}); // npm passes on a second one, which must not end the process
}

/** Next listens first, and closes its server at once: connections that wait to be accepted would be reset. */
function takeListeners(signal: NodeJS.Signals): () => void {
  const listeners = process.listeners(signal);
  process.removeAllListeners(signal);
  return () => {
    for (const listener of listeners) listener(signal);
  };
}
