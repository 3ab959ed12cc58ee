import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { actOn } from "./actions.ts";
import { sendEvents } from "./events.ts";

/** Of the body of an action. */
const MAX_BYTES = 16 * 1_024;

export interface LiveView {
  /** With the token. */
  readonly url: string;
  close(): void;
}

/**
 * Serves a page on loopback that shows every running app and acts on it. The URL begins with a random token, and only
 * those who have it get in. An action must also come from the page itself, by `Origin`; and `Host` must be loopback, so
 * that no other site's name can be pointed at the page (DNS rebinding).
 * @param port default: any free one
 * @throws Node's error when the port is taken
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
      return refuse(response, 403, "This host is not served here.");
    if (!request.url?.startsWith(base)) return refuse(response, 404, "Not found.");
    const path = request.url.slice(base.length);
    if (request.method === "GET" && path === "events") {
      streams.add(response);
      response.once("close", () => streams.delete(response));
      return sendEvents(response);
    }
    if (request.method === "GET") return sendFile(path, response);
    if (request.method !== "POST" || path !== "act") return refuse(response, 405, "Not allowed.");
    if (origin !== `http://${host}`)
      return refuse(response, 403, "Actions come from the page only.");
    const asked = await readText(request);
    if (asked === undefined) return refuse(response, 413, "The body is too large.");
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
    if (body.length > MAX_BYTES) return undefined;
  }
  return body;
}

const FOLDER = join(import.meta.dirname, "page");
const FILES = new Map(readdirSync(FOLDER).map((name) => [name, join(FOLDER, name)]));
FILES.set("tokens.css", createRequire(import.meta.url).resolve("@repo/colors/tokens.css"));

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

const HEADERS = {
  "cache-control": "no-store",
  // The token is in the URL: a link must not pass it on.
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
};

/** The files of the page, and no other. */
async function sendFile(name: string, response: ServerResponse): Promise<void> {
  const path = FILES.get(name || "page.html");
  const type = path && TYPES[extname(path)];
  if (!type) {
    response.writeHead(404, { "content-type": "text/plain" }).end("Not found.\n");
    return;
  }
  const body = await readFile(path);
  response.writeHead(200, { ...HEADERS, "content-type": type }).end(body);
}
