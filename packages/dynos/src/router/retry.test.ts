import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import { request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { deadDyno, startRawDyno, startStalledDyno } from "../../test/bad-dynos.ts";
import { expectErrorPage, startDyno, startRouter } from "../../test/router.ts";
import type { RoutedDyno } from "./types.ts";

test("no request fails because of dead dynos, whatever its method or size", async () => {
  const alive = await startDyno("web.1", async (incoming, response) => {
    let bytes = 0;
    for await (const chunk of incoming) bytes += chunk.length;
    response.end(String(bytes));
  });
  const router = await startRouter([alive, await deadDyno("web.2"), await deadDyno("web.3")]);
  // All at once, so that most of them meet a dead dyno before it is in quarantine.
  const sizes = Array.from({ length: 60 }, (_, i) => (i % 3) * 100_000);
  const seen = await Promise.all(
    sizes.map(async (size) => {
      const method = size > 0 ? "POST" : "GET";
      const sent = await request(router.url, {
        method,
        body: size > 0 ? Buffer.alloc(size) : null,
      });
      return Number(await sent.body.text());
    }),
  );
  expect(seen).toEqual(sizes);
  expect(router.lines.filter((line) => line.startsWith("at=error"))).toEqual([]);
});

test("a stalled dyno costs one wait, then it is left alone", async () => {
  const alive = await startDyno("web.1");
  const router = await startRouter([alive, await startStalledDyno("web.2")], {
    timeouts: { connectMs: 1_000 },
  });
  const slow: boolean[] = [];
  for (let i = 0; i < 40; i++) {
    const since = performance.now();
    const { statusCode, body } = await request(router.url);
    await body.dump();
    expect(statusCode).toBe(200);
    slow.push(performance.now() - since > 990);
  }
  expect(slow.filter(Boolean).length).toBe(1);
});

test("a dyno is tried again when its quarantine is over", async () => {
  const dead = await deadDyno("web.1");
  const router = await startRouter([dead], { timeouts: { quarantineMs: 600 } });
  await expectErrorPage(router, "H21");
  const server = createServer((_request, response) => response.end("back"));
  server.listen(dead.port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const since = performance.now();
  expect(await (await request(router.url)).body.text()).toBe("back");
  expect(performance.now() - since).toBeGreaterThan(50);
});

test.each([
  [3, 3],
  [12, 10],
])("with %i dead dynos a request is tried on %i", async (dynos, expected) => {
  const dead = await Promise.all(Array.from({ length: dynos }, (_, i) => deadDyno(`web.${i}`)));
  const tried: number[] = [];
  const onError = (message: unknown) =>
    tried.push(Number((message as { connectParams: { port: string } }).connectParams.port));
  subscribe("undici:client:connectError", onError);
  onTestFinished(() => void unsubscribe("undici:client:connectError", onError));
  const router = await startRouter(dead);
  await expectErrorPage(router, "H21");
  expect(tried).toHaveLength(expected);
  expect(new Set(tried).size).toBe(expected);
});

test("a request that a dyno may have seen is not given to another one", async () => {
  let seen = 0;
  const closing = () =>
    startRawDyno((socket) => {
      seen++;
      socket.destroy();
    });
  const router = await startRouter([await closing(), await closing(), await closing()]);
  await expectErrorPage(router, "H13");
  expect(seen).toBe(1);
});

test("a dyno that is no longer listed gets no request, and one that is new does", async () => {
  const first = await startDyno("web.1", (_request, response) => response.end("old"));
  const second = await startDyno("web.1", (_request, response) => response.end("new"));
  let dynos = [first];
  const router = await startRouter(() => dynos);
  expect(await (await request(router.url)).body.text()).toBe("old");
  dynos = [second];
  for (let i = 0; i < 5; i++) expect(await (await request(router.url)).body.text()).toBe("new");
});

test("the connections to a dyno that is no longer listed are closed", async () => {
  const dynos = await Promise.all([startDyno("web.1"), startDyno("web.2")]);
  let listed: RoutedDyno[] = dynos;
  let closed = false;
  dynos[1]?.server.on("connection", (socket) =>
    socket.on("close", () => {
      closed = true;
    }),
  );
  const router = await startRouter(() => listed);
  const ask = async () => (await request(router.url)).body.text();
  const seen = new Set<string>();
  while (seen.size < 2) seen.add(await ask());
  listed = dynos.slice(0, 1);
  expect(await ask()).toBe("web.1");
  await expect.poll(() => closed).toBe(true);
});
