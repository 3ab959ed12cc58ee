import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a script may ask for at its moments: `restart`, `scale-4`, `store-stop`, … */
export type EventHandlers = Record<string, () => Promise<unknown>>;

/**
 * Lets a running script make something happen to its app: it POSTs to `${url}/${event}`, and is answered 204
 * when the event's effect is complete, 500 with the reason when it failed. Loopback only, behind a random
 * token, because it restarts things.
 */
export async function serveEvents(handlers: EventHandlers) {
  const path = `/${randomBytes(16).toString("hex")}/`;
  const server = createServer(async (request, response) => {
    const url = request.url ?? "";
    const name = url.startsWith(path) ? url.slice(path.length) : "";
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (request.method !== "POST" || !handler) {
      response
        .writeHead(404)
        .end(`There is no such event. There are: ${Object.keys(handlers).join(", ")}.`);
      return;
    }
    try {
      await handler();
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path.slice(0, -1)}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
