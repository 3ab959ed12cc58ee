import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";

const FILES: Record<string, [file: string, type: string]> = {
  "": ["page.html", "text/html; charset=utf-8"],
  "page.css": ["page.css", "text/css; charset=utf-8"],
  "page.js": ["page.js", "text/javascript; charset=utf-8"],
  "app-card.js": ["app-card.js", "text/javascript; charset=utf-8"],
  "dots.js": ["dots.js", "text/javascript; charset=utf-8"],
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
  const found = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (!found) {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.\n");
    return;
  }
  const [file, type] = found;
  const body = await readFile(join(import.meta.dirname, "../live", file));
  response.writeHead(200, { ...HEADERS, "content-type": type }).end(body);
}
