import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import { singleton } from "../singletons.ts";

/** Tells one start of a process from the next, which `$DYNO` does not: 16 hex characters. */
export function bootId(): string {
  return singleton("boot-id", () => randomBytes(8).toString("hex"));
}

/** `web.1` on Heroku, `local` elsewhere. Not unique while dynos restart: two processes may have the same name. */
export function dynoName(): string {
  return singleton("dyno-name", () => process.env.DYNO ?? "local");
}

/**
 * Puts the dyno's name and boot id on every answer of this process: pages, files, redirects and errors. Node publishes
 * each request before Next sees it, which costs a fraction of what a proxy in front of every route costs
 * (decisions/030). Calling it again changes nothing.
 */
export function setDynoHeaders(): void {
  singleton("dyno-headers", () => {
    const headers = new Map([
      ["x-dyno", dynoName()],
      ["x-boot-id", bootId()],
    ]);
    subscribe("http.server.request.start", (message) => {
      (message as { response: ServerResponse }).response.setHeaders(headers);
    });
    return true;
  });
}
