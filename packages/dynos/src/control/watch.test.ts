import { once } from "node:events";
import { createServer, request, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../test/app.ts";
import { streamForTest } from "../../test/control.ts";
import type { App } from "../app.ts";
import { eventStream } from "../live-view/events.ts";
import { createLog } from "../log.ts";
import type { AppState } from "./protocol.ts";
import { createWatch } from "./watch.ts";

/** An app that tells how often it was asked about itself. */
function askedApp(name = "asked") {
  const ps = vi.fn((): ReturnType<App["ps"]> => []);
  const app = { name, url: "", httpsUrl: "", ps, addons: () => [], affinity: () => false };
  return { ps, app };
}

const event = (dyno: string, session?: string) => ({
  ...{ at: 0, dyno, method: "GET", path: "/", status: 200, serviceMs: 1, bytes: 1 },
  ...(session && { session }),
});

async function controlForTest(app: ReturnType<typeof askedApp>["app"]) {
  const watch = createWatch();
  onTestFinished(watch.begin(app));
  return streamForTest("/watch", [], { app: app as unknown as App, log: createLog(), watch });
}

test("without a viewer, requests are counted and not kept", () => {
  const watch = createWatch();
  const { app, ps } = askedApp();
  watch.begin(app);
  for (let count = 0; count < 1_000; count++) watch.count(event("web.1", "found"));
  expect(ps).not.toHaveBeenCalled();
  const states: AppState[] = [];
  watch.follow((state) => states.push(state))();
  expect(states).toMatchObject([
    { total: { requests: 1_000, found: 1_000 }, recent: [], recentCount: 0 },
  ]);
});

test("what fails is counted, and a client that leaves early is not a failure", () => {
  const watch = createWatch();
  watch.begin(askedApp().app);
  watch.count({ ...event("web.1"), status: 500 });
  watch.count({ ...event(""), status: 503, code: "H14" });
  watch.count({ ...event("web.1"), status: 499, code: "H27" });
  watch.count({ ...event("web.1"), status: 404 });
  const states: AppState[] = [];
  watch.follow((state) => states.push(state))();
  expect(states[0]?.total).toEqual({ requests: 4, found: 0, lost: 0, failed: 2 });
});

test("of many requests some are shown, and all are counted", async () => {
  const watch = createWatch();
  watch.begin(askedApp().app);
  const states: AppState[] = [];
  onTestFinished(watch.follow((state) => states.push(state)));
  for (let count = 0; count < 1_000; count++) watch.count(event("web.1", "lost"));
  await until(() => states.length === 2);
  expect(states[1]).toMatchObject({ recentCount: 1_000, total: { lost: 1_000 } });
  expect(states[1]?.recent.length).toBe(24);
  await until(() => states.length === 3);
  expect(states[2]).toMatchObject({ recent: [], recentCount: 0 });
});

test("it looks only while somebody watches, once for all of them", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const watch = createWatch();
  const stopAll = watch.begin(askedApp().app);
  const unfollow = [watch.follow(() => {}), watch.follow(() => {})];
  expect(vi.getTimerCount()).toBe(1);
  unfollow[0]?.();
  expect(vi.getTimerCount()).toBe(1);
  unfollow[1]?.();
  expect(vi.getTimerCount()).toBe(0);
  watch.follow(() => {});
  stopAll();
  expect(vi.getTimerCount()).toBe(0);
});

test("who hangs up leaves nothing running in the app", async () => {
  const { app, ps } = askedApp();
  const { call, response } = await controlForTest(app);
  response.resume();
  await until(() => ps.mock.calls.length > 2);
  call.destroy();
  await pause(100);
  const asked = ps.mock.calls.length;
  await pause(600);
  expect(ps.mock.calls.length).toBe(asked);
});

test("the app keeps nothing for a viewer that is suspended", async () => {
  // More than fits into a socket, so that the first state waits and the next ones are left out.
  const { app, ps } = askedApp("x".repeat(2_000_000));
  const { response } = await controlForTest(app);
  await until(() => ps.mock.calls.length > 6);
  let received = 0;
  response.on("data", (chunk) => {
    received += chunk.length;
  });
  const asked = ps.mock.calls.length;
  await until(() => received > 4_000_000);
  // One waited, and from then on they come as they are made.
  expect(Math.floor(received / 2_000_000)).toBeLessThan(ps.mock.calls.length - asked + 4);
});

test("nothing is kept for a browser that does not read, but for what comes once", async () => {
  let response: ServerResponse | undefined;
  const server = createServer((_request, answer) => {
    response = answer;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  // A listener that reads nothing; without one Node would read for us.
  const sleeping = request({ port, agent: false }, () => {}).on("error", () => {});
  sleeping.end();
  await until(() => response !== undefined);
  const events = eventStream(response as ServerResponse);
  const data = "x".repeat(1_000);
  for (let count = 0; count < 20_000; count++) {
    events.offer("app", data);
    if (count % 100 === 0) await pause(0);
  }
  expect(response?.writableLength).toBeGreaterThan(256_000);
  expect(response?.writableLength).toBeLessThan(270_000);
  const before = response?.writableLength ?? 0;
  events.send("gone", "app");
  expect(response?.writableLength).toBeGreaterThan(before);
});
