import {
  createServer,
  type IncomingMessage,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { refuseUnreadable } from "./error-page.ts";
import type { RouterTimeouts } from "./types.ts";

export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** One port of the router; with `tls`, an https port. */
export function createListener(
  timeouts: RouterTimeouts,
  handlers: Handlers,
  tls?: { key: string; cert: string },
) {
  const options = serverOptions(timeouts);
  const server = tls
    ? createSecureServer({ ...options, ...tls, ALPNProtocols: ["http/1.1"] })
    : createServer(options);
  // Node silently drops headers beyond its own limit; the router counts them itself.
  server.maxHeadersCount = 0;
  server.on("request", handlers.request);
  // Without a listener Node asks for the body before there is a dyno to take it. The router answers 100 itself, and Node
  // answers any other `Expect` with 417: https://devcenter.heroku.com/articles/http-routing#expect-100-continue
  server.on("checkContinue", handlers.request);
  server.on("upgrade", handlers.upgrade);
  server.on("clientError", refuseUnreadable);

  // Node's own list lacks upgraded connections, and those in their TLS handshake.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  return {
    async listen(port: number, host: string): Promise<number> {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    },
    close(): Promise<void> {
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
}

/**
 * No limit for a whole request: an upload may take long, and the router has its own limit for silence. Lines are limited
 * one by one, so their sum may be larger than Node allows by default; 128 KB is unsourced.
 */
function serverOptions(timeouts: RouterTimeouts): ServerOptions {
  return {
    keepAliveTimeout: timeouts.clientKeepAliveMs,
    headersTimeout: timeouts.clientHeadersMs,
    requestTimeout: 0,
    maxHeaderSize: 131_072,
    noDelay: true,
    // HTTP/2 without TLS is not offered: the request is answered as if it had not asked for it.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() !== "h2c",
  };
}
