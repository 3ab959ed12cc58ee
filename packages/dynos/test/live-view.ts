import { once } from "node:events";
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { AppState } from "../src/control/protocol.ts";
import { serveLiveView } from "../src/live-view/server.ts";
import { until } from "./app.ts";

/** A live view until the end of the test. */
export async function viewForTest() {
  const view = await serveLiveView();
  onTestFinished(view.close);
  const { origin } = new URL(view.url);
  const post = async (body: unknown, headers: Record<string, string> = { origin }) => {
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    return ask(new URL("act", view.url), { method: "POST", headers }, sent);
  };
  return { ...view, origin, post, page: () => openPage(view.url) };
}

/** With any header, and without those that `fetch` adds. */
export async function ask(url: URL | string, options: RequestOptions = {}, body = "") {
  const call = request(url, { agent: false, ...options });
  call.end(body);
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Follows the events as the page does. */
export async function openPage(viewUrl: string) {
  const states = new Map<string, AppState>();
  const gone: string[] = [];
  const call = request(new URL("events", viewUrl), { agent: false });
  call.on("error", () => {});
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  const ended = new Promise((resolve) => response.on("error", () => {}).once("close", resolve));
  let event = "";
  createInterface({ input: response })
    .on("error", () => {})
    .on("line", (line) => {
      const [, name, value = ""] = /^(\w+): (.*)/.exec(line) ?? [];
      if (name === "event") event = value;
      if (name !== "data") return;
      if (event === "app") states.set(JSON.parse(value).name, JSON.parse(value));
      if (event === "gone") gone.push(JSON.parse(value));
    });
  const leave = () => call.destroy();
  onTestFinished(() => void leave());
  return {
    gone,
    leave,
    ended,
    state: (app: string) => states.get(app),
    /** Waits until the state of an app satisfies `what`. */
    sees: (app: string, what: (state: AppState) => boolean) =>
      until(() => {
        const state = states.get(app);
        return state !== undefined && what(state);
      }),
  };
}
