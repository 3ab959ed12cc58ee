import type { ServerResponse } from "node:http";
import { dynoColor } from "@repo/ui/dyno-color";
import { watchApps } from "./watched-apps.ts";

/** A browser that does not read, because its tab sleeps, must not make us keep what it misses. */
const BEHIND_BYTES = 256 * 1_024;

/** Server-sent events: `app` with the state of one app, `gone` with the name of one that went down. */
export function sendEvents(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 1000\n\n");
  const send = (event: string, data: unknown) => {
    if (response.writableLength > BEHIND_BYTES) return;
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const stop = watchApps({
    onState(state) {
      const dynos = state.dynos.map((dyno) => ({ ...dyno, color: dynoColor(dyno.name) }));
      send("app", { ...state, dynos });
    },
    onGone: (name) => send("gone", name),
  });
  response.once("close", stop);
}
