import type { ServerResponse } from "node:http";
import { dynoColor } from "@repo/colors";
import { callApp, runningApps } from "../control/client.ts";
import type { AppState } from "../control/protocol.ts";

/** Server-sent events: `app` with the state of one app, `gone` with the name of one that went down; until the browser leaves. */
export function sendEvents(response: ServerResponse): void {
  const events = eventStream(response);
  const stop = followApps({
    onState(state) {
      const dynos = state.dynos.map((dyno) => ({ ...dyno, color: dynoColor(dyno.name) }));
      events.offer("app", { ...state, dynos });
    },
    onGone: (name) => events.send("gone", name),
  });
  response.once("close", stop);
}

/** A browser whose tab sleeps does not make us keep more than this for it. */
const BEHIND_BYTES = 256 * 1_024;

/** Server-sent events to one browser. */
export function eventStream(response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 1000\n\n");
  function send(event: string, data: unknown): void {
    if (response.writable) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  return {
    /** For what is sent once. */
    send,
    /** For what is sent again and again: left out while the browser does not read. */
    offer(event: string, data: unknown): void {
      if (response.writableLength < BEHIND_BYTES) send(event, data);
    },
  };
}

interface AppsListener {
  onState(state: AppState): void;
  onGone(name: string): void;
}

const LOOK_MS = 1_000;

/** Follows every app of this user that is up, as they come and go, until the function that it returns is called. */
function followApps({ onState, onGone }: AppsListener): () => void {
  const hangUps = new Map<string, AbortController>();

  function look() {
    for (const name of runningApps()) {
      if (hangUps.has(name)) continue;
      const hangUp = new AbortController();
      hangUps.set(name, hangUp);
      callApp(name, "watch", [], { onWatch: onState, signal: hangUp.signal })
        .catch(() => {}) // It is still coming up, or has just gone down: the next look finds out.
        .finally(() => {
          hangUps.delete(name);
          if (!hangUp.signal.aborted) onGone(name);
        });
    }
  }

  look();
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    for (const hangUp of hangUps.values()) hangUp.abort();
  };
}
