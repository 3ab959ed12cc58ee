import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { errorPage } from "./router-error-page.ts";
import type { RouterTimeouts } from "./router-types.ts";

/**
 * No limit for a whole request: an upload may take its time, and the router has its own clock for silence. Lines are
 * limited one by one, so the sum may be larger than Node allows by default.
 */
function serverOptions(timeouts: RouterTimeouts): ServerOptions {
  return {
    keepAliveTimeout: timeouts.clientKeepAliveMs,
    headersTimeout: timeouts.clientHeadersMs,
    requestTimeout: 0,
    maxHeaderSize: 131_072,
    noDelay: true,
    // HTTP/2 without TLS is not offered, so the request is answered as if it had not asked.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() !== "h2c",
  };
}

export type Listeners = {
  onRequest(secure: boolean): RequestListener;
  onUpgrade(secure: boolean): (...args: Parameters<UpgradeListener>) => void;
};

type UpgradeListener = (
  request: Parameters<RequestListener>[0],
  socket: Duplex,
  head: Buffer,
) => void;

export function createListeners(
  timeouts: RouterTimeouts,
  tls: { key: string; cert: string },
  listeners: Listeners,
): { http: Server; https: Server } {
  const options = serverOptions(timeouts);
  const http = createServer(options);
  const https = createSecureServer({ ...options, ...tls, ALPNProtocols: ["http/1.1"] });
  for (const server of [http, https]) {
    const listener = listeners.onRequest(server === https);
    server.maxHeadersCount = 0;
    server.on("request", listener);
    // Without a listener Node would ask for the body before there is a dyno to take it.
    server.on("checkContinue", listener);
    server.on("upgrade", listeners.onUpgrade(server === https));
    server.on("clientError", refuse);
  }
  return { http, https };
}

export async function listenOn(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** What Node's parser could not read; nothing is known of the request, so nothing is logged. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex) {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const page = errorPage("H26");
  const status =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(page)}\r\n\r\n${page}`,
  );
}
