import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { App } from "./app.ts";
import { formatLine, isAwaited, type Log } from "./log.ts";
import type { Progress } from "./progress.ts";

interface Controlled {
  app: App;
  log: Log;
  progress: Progress;
}

/** What goes over the socket: one JSON object a line, the last of them with the result or the error. */
export type ControlMessage =
  | { progress: string }
  | { line: string }
  | { result: unknown }
  | { error: string };

export type ControlVerb = (typeof VERBS)[number];

const VERBS = [
  "ps",
  "scale",
  "restart",
  "kill",
  "cycle",
  "deploy",
  "releases",
  "rollback",
  "config",
  "configSet",
  "addons",
  "addonStop",
  "addonStart",
  "addonRestart",
  "affinity",
  "setAffinity",
  "run",
  "logs",
  "down",
] as const;

/**
 * The verbs of an app over a Unix socket, for the command in another terminal: POST /verb with the arguments
 * as a JSON array. The socket lies in a folder that only its user can open.
 */
export async function serveControl(path: string, { app, log, progress }: Controlled) {
  const followers = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    const send = (message: ControlMessage) => response.write(`${JSON.stringify(message)}\n`);
    const url = new URL(request.url ?? "/", "http://control");
    const verb = VERBS.find((each) => `/${each}` === url.pathname);
    if (request.method !== "POST" || !verb) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    const unfollowProgress = progress.follow((text) => send({ progress: text }));
    const unfollowAwaited = log.follow((line) => isAwaited(line) && send({ progress: line.text }));
    const unfollow = () => {
      unfollowProgress();
      unfollowAwaited();
    };
    response.once("close", unfollow);
    try {
      const parameters = (await json(request)) as never[];
      if (verb === "logs" && url.searchParams.has("tail")) {
        for (const text of app.logs()) send({ line: text });
        followers.add(response);
        const unfollowLog = log.follow((line) => send({ line: formatLine(line) }));
        response.once("close", () => {
          followers.delete(response);
          unfollowLog();
        });
        return;
      }
      if (verb === "run") parameters[1] = ((line: string) => send({ line })) as never;
      const method = app[verb] as (...parameters: never[]) => unknown;
      send({ result: (await method(...parameters)) ?? null });
    } catch (error) {
      send({ error: (error as Error).message });
    }
    unfollow();
    response.end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    /** Whoever follows the log is let go; the answer to `down` may still be on its way, and ends by itself. */
    close() {
      server.close();
      server.closeIdleConnections();
      for (const response of followers) response.end();
    },
  };
}
