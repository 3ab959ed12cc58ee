import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { makeCertificate } from "@repo/addons/certificate";
import { request } from "undici";
import { expect, onTestFinished } from "vitest";
import { H_CODES, type HCode } from "../src/router/codes.ts";
import { createRouter } from "../src/router/router.ts";
import type { RequestEvent, RoutedDyno, RouterOptions } from "../src/router/types.ts";

/** What the router's tests are made of: real dynos, a real router, and a client that sends any bytes. */
export type TestDyno = RoutedDyno & { server: Server; stop(): Promise<void> };

const certificate = makeCertificate();

/** A server that answers as a dyno; by default with its own name. */
export async function startDyno(name: string, listener?: RequestListener): Promise<TestDyno> {
  const server = createServer(
    { keepAliveTimeout: 95_000, maxHeaderSize: 131_072 },
    listener ?? ((_request, response) => response.end(name)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  };
  onTestFinished(stop);
  return { name, port: (server.address() as AddressInfo).port, server, stop };
}

export type TestRouter = {
  port: number;
  httpsPort: number;
  url: string;
  httpsUrl: string;
  lines: string[];
  events: RequestEvent[];
  /** The next line of the log that contains this text, or one that was written already. */
  line(text: string): Promise<string>;
  close(): Promise<void>;
};

export async function startRouter(
  dynos: readonly RoutedDyno[] | (() => readonly RoutedDyno[]),
  options: Partial<RouterOptions> = {},
): Promise<TestRouter> {
  const lines: string[] = [];
  const events: RequestEvent[] = [];
  const router = createRouter({
    port: 0,
    httpsPort: 0,
    tls: await certificate,
    dynos: typeof dynos === "function" ? dynos : () => dynos,
    state: () => "ok",
    affinity: () => false,
    log: (line) => lines.push(line),
    onRequest: (event) => events.push(event),
    ...options,
  });
  const { port, httpsPort } = await router.listen();
  onTestFinished(() => router.close());
  return {
    port,
    httpsPort,
    url: `http://127.0.0.1:${port}`,
    httpsUrl: `https://127.0.0.1:${httpsPort}`,
    lines,
    events,
    async line(text) {
      for (;;) {
        const found = lines.find((line) => line.includes(text));
        if (found !== undefined) return found;
        await new Promise((done) => setTimeout(done, 5));
      }
    },
    close: router.close,
  };
}

/** Expects the router's error page. Returns its line of the log. */
export async function expectErrorPage(router: TestRouter, code: HCode): Promise<string> {
  const { statusCode, headers, body } = await request(`${router.url}/page`);
  expect(await body.text()).toContain(`code=${code}`);
  expect(statusCode).toBe(H_CODES[code].status);
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(headers["cache-control"]).toBe("no-cache, no-store");
  return await router.line(`at=error code=${code} desc="${H_CODES[code].desc}"`);
}

/** A connection that these bytes were sent on, and that is gone after the test. */
export function openClient(port: number, bytes: string): Socket {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  onTestFinished(() => void socket.destroy());
  socket.write(bytes);
  return socket;
}

/** Sends these bytes on a new connection. Returns all bytes that come back before it closes. */
export async function sendBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(Buffer.from(bytes, "latin1"));
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}
