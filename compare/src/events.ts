import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "@repo/dynos";

/** What a script may trigger: `restart`, `scale-4`, `store-stop`, … */
export type EventHandlers = Record<string, () => Promise<unknown>>;

/**
 * Lets a running script trigger events. It sends `POST ${url}/${event}` and gets 204 when the event's effect is
 * complete, or 500 with the reason if it failed. The server listens on loopback only, behind a random token, because
 * it restarts things.
 */
export async function serveEvents(handlers: EventHandlers) {
  const path = `/${randomBytes(16).toString("hex")}/`;
  const server = createServer(async (request, response) => {
    const url = request.url ?? "";
    const name = url.startsWith(path) ? url.slice(path.length) : "";
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (request.method !== "POST" || !handler) {
      const known = Object.keys(handlers).join(", ");
      response.writeHead(404).end(`There is no such event. Choose from: ${known}.`);
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

/** The events of the scripts in `load/`, done to an app on local dynos. */
export function appEvents(app: App): EventHandlers {
  const store = () => {
    const [first] = app.addons();
    if (!first) throw new Error(`${app.name} has no add-on`);
    return first.name;
  };
  return {
    restart: () => app.restart(),
    "scale-1": () => app.scale({ web: 1 }),
    "scale-2": () => app.scale({ web: 2 }),
    "scale-4": () => app.scale({ web: 4 }),
    deploy: () => app.deploy(),
    rollback: () => app.rollback(),
    // Two steps, so that the dynos of both releases accept each other's cookies while they overlap.
    "rotate-accept": () =>
      app.configSet({ SESSION_SECRET_PREVIOUS: randomBytes(32).toString("hex") }),
    "rotate-use": async () => {
      const { SESSION_SECRET, SESSION_SECRET_PREVIOUS } = await app.config();
      if (!SESSION_SECRET || !SESSION_SECRET_PREVIOUS)
        throw new Error("there is no previous secret to rotate to");
      await app.configSet({
        SESSION_SECRET: SESSION_SECRET_PREVIOUS,
        SESSION_SECRET_PREVIOUS: SESSION_SECRET,
      });
    },
    "store-restart": async () => app.addonRestart(store()),
    "store-stop": async () => app.addonStop(store()),
    "store-start": async () => app.addonStart(store()),
  };
}
