import { chmodSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { App } from "../app.ts";
import type { Progress } from "../log.ts";
import { isAwaited, type Log, type LogQuery, lastLines, tailLog } from "../log.ts";
import { CONTROL_STREAMS, CONTROL_VERBS, type ControlMessage } from "./protocol.ts";
import type { Watch } from "./watch.ts";

interface Controlled {
  app: App;
  log: Log;
  progress: Progress;
  watch: Watch;
}

/** A reader that is suspended does not make the app keep more than this for it. */
const BEHIND_BYTES = 256 * 1_024;
/** More for the log: a dyno may print a lot at once, and no line should be dropped without need. */
const TAIL_BEHIND_BYTES = 4 * 1_024 * 1_024;

/**
 * Serves the verbs of an app on a Unix socket, for commands in other terminals: POST /VERB with the arguments as a JSON
 * array. The socket is in a folder that only its user can open.
 */
export async function serveControl(path: string, { app, log, progress, watch }: Controlled) {
  const followers = new Set<ServerResponse>();

  const server = createServer(async (request, response) => {
    // A caller that has left gets nothing more.
    const send = (message: ControlMessage) =>
      response.writable && response.write(`${JSON.stringify(message)}\n`);
    response.on("error", () => {});
    const name = request.method === "POST" ? request.url?.slice(1) : undefined;
    const verb = CONTROL_VERBS.find((each) => each === name);
    const stream = CONTROL_STREAMS.find((each) => each === name);
    if (!verb && !stream) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    try {
      const parameters = (await json(request)) as never[];
      if (verb) await answer(verb, parameters, response, send);
      else if (stream === "tail") tail(parameters[0] ?? {}, response, send);
      else watchApp(response, send);
    } catch (error) {
      send({ error: (error as Error).message });
      response.end();
    }
  });

  async function answer(
    verb: (typeof CONTROL_VERBS)[number],
    parameters: never[],
    response: ServerResponse,
    send: (message: ControlMessage) => void,
  ): Promise<void> {
    const unfollowProgress = progress.follow((text) => send({ progress: text }));
    const unfollowLog = log.follow((line) => isAwaited(line) && send({ progress: line.text }));
    const onLine = ((line: string) => send({ line })) as never;
    const method = app[verb] as (...parameters: never[]) => unknown;
    try {
      const result = await method(...parameters, ...(verb === "run" ? [onLine] : []));
      send({ result: result ?? null });
    } finally {
      unfollowProgress();
      unfollowLog();
    }
    response.end();
  }

  function tail(query: LogQuery, response: ServerResponse, send: (m: ControlMessage) => void) {
    const onLine = (line: string) => void send({ line });
    lastLines(log, query).forEach(onLine);
    const isBehind = () => response.writableLength > TAIL_BEHIND_BYTES;
    follow(response, tailLog(log, query, isBehind, onLine));
  }

  function watchApp(response: ServerResponse, send: (m: ControlMessage) => void) {
    follow(
      response,
      watch.follow((state) => response.writableLength < BEHIND_BYTES && send({ watch: state })),
    );
  }

  function follow(response: ServerResponse, unfollow: () => void) {
    followers.add(response);
    response.once("close", () => {
      followers.delete(response);
      unfollow();
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    /** Ends all streams. The answer to `down` may still be on its way; it ends by itself. */
    close() {
      server.close();
      server.closeIdleConnections();
      for (const response of followers) response.end();
    },
  };
}
