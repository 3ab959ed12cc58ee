import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";

const FOLDER = join(import.meta.dirname, "page");
const FILES = new Map(readdirSync(FOLDER).map((name) => [name, join(FOLDER, name)]));
FILES.set("tokens.css", createRequire(import.meta.url).resolve("@repo/ui/tokens.css"));

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

const HEADERS = {
  "cache-control": "no-store",
  // The token is in the URL: it must not leave by a link.
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
};

/** The files of the page, and no other. */
export async function sendFile(name: string, response: ServerResponse): Promise<void> {
  const path = FILES.get(name || "page.html");
  const type = path && TYPES[extname(path)];
  if (!type) {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.\n");
    return;
  }
  const body = await readFile(path);
  response.writeHead(200, { ...HEADERS, "content-type": type }).end(body);
}
