import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { actOn } from "./actions.ts";
import { sendEvents } from "./events.ts";
import { sendFile } from "./files.ts";

const MOST_BYTES = 16 * 1_024;

export interface LiveView {
  /** With the token that lets its page in. */
  readonly url: string;
  close(): void;
}

/**
 * A page on loopback that shows every running app and acts on it. Only who knows the URL gets in: its first part is
 * a random token. What changes something must also come from the page itself, by Origin; and a request must be
 * addressed to loopback by Host, so that no other site's name can be pointed at it (DNS rebinding).
 */
export async function serveLiveView({ port = 0 } = {}): Promise<LiveView> {
  const base = `/${randomBytes(16).toString("hex")}/`;
  const streams = new Set<ServerResponse>();

  const server = createServer((request, response) => {
    response.on("error", () => {});
    answer(request, response).catch((error: Error) => refuse(response, 500, error.message));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host = "", origin } = request.headers;
    if (!/^(127\.0\.0\.1|localhost):\d+$/.test(host))
      return refuse(response, 403, "Not this host.");
    if (!request.url?.startsWith(base)) return refuse(response, 404, "There is nothing here.");
    const path = request.url.slice(base.length);
    if (request.method === "GET" && path === "events") {
      streams.add(response);
      response.once("close", () => streams.delete(response));
      return sendEvents(response);
    }
    if (request.method === "GET") return sendFile(path, response);
    if (request.method !== "POST" || path !== "act") return refuse(response, 405, "Not allowed.");
    if (origin !== `http://${host}`) return refuse(response, 403, "Not from this page.");
    const asked = await readText(request);
    if (asked === undefined) return refuse(response, 413, "Too much.");
    const { status, body } = await actOn(asked);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}${base}`,
    close() {
      server.close();
      for (const stream of streams) stream.end();
      server.closeAllConnections();
    },
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) response.destroy();
  else
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${message}\n`);
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > MOST_BYTES) return undefined;
  }
  return body;
}
