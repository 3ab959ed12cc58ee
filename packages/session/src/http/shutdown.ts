import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
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
 * Calls `drainOnSigterm` when the server starts to listen. Next accepts connections before it runs `instrumentation.ts`,
 * so without this a SIGTERM in the first moments of a dyno would reset requests, and a connection from then that never
 * sends a request would hold the exit.
 */
export function drainFromTheStart(): void {
  const exit = () => process.exit(EXIT_CODE_SIGTERM); // until the server listens, there is nothing to drain
  process.on("SIGTERM", exit);
  subscribe("tracing:net.server.listen:asyncEnd", (message) => {
    const { server } = message as { server: Server };
    // Runs after Next's listener of "listening", which adds the one of SIGTERM that is taken over.
    server.once("listening", () => {
      process.off("SIGTERM", exit);
      drainOnSigterm();
    });
  });
}

/**
 * Stops the server gently and within Heroku's time limit on SIGTERM, which Next alone does not (decisions/030): it goes
 * on for a second, for requests that the router had sent already, then closes, and waits for requests in progress.
 * Calling it again changes nothing.
 */
export function drainOnSigterm(): void {
  singleton("drain", installDrain);
}

function installDrain(): true {
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

  const closeServer = replaceListeners("SIGTERM", () => {
    if (isStopping()) return; // npm passes on a second one, which must not end the process
    shutdown().isRequested = true;
    // Next waits for its connections, and one that is busy now would stay open for the whole keep-alive of 95 s.
    for (const response of inProgress) response.shouldKeepAlive = false;
    setTimeout(() => {
      isClosing = true;
      closeServer();
      closeUnused();
    }, LINGER_MS);
    setTimeout(() => process.exit(EXIT_CODE_SIGTERM), STOP_WITHIN_MS).unref();
  });
  return true;
}

/**
 * Next listens first, and closes its server at once: connections that wait to be accepted would be reset.
 *
 * @param listener takes the place of the listeners until now. It is added before they are removed, because Node forgets
 *   a signal that has just arrived when the last listener goes
 * @returns calls the listeners until now
 */
function replaceListeners(signal: NodeJS.Signals, listener: () => void): () => void {
  const replaced = process.listeners(signal);
  process.on(signal, listener);
  for (const each of replaced) process.off(signal, each);
  return () => {
    for (const each of replaced) each(signal);
  };
}
