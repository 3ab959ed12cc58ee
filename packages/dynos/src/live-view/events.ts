import type { ServerResponse } from "node:http";
import { dynoColor } from "@repo/ui/dyno-color";
import { eventStream } from "./event-stream.ts";
import { watchApps } from "./watched-apps.ts";

/** `app` with the state of one app, `gone` with the name of one that went down; until the browser leaves. */
export function sendEvents(response: ServerResponse): void {
  const events = eventStream(response);
  const stop = watchApps({
    onState(state) {
      const dynos = state.dynos.map((dyno) => ({ ...dyno, color: dynoColor(dyno.name) }));
      events.offer("app", { ...state, dynos });
    },
    onGone: (name) => events.send("gone", name),
  });
  response.once("close", stop);
}
