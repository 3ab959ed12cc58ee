import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { expect, test } from "vitest";
import { startRawDyno } from "../../test/bad-dynos.ts";
import { openClient, startDyno, startRouter } from "../../test/router.ts";

const MB = 1_048_576;

const hash = (data: Buffer) => createHash("sha256").update(data).digest("hex");

test("an answer is passed on as it comes", async () => {
  let proceed = () => {};
  const dyno = await startDyno("web.1", (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
    proceed = () => response.write("data: first\n\n");
  });
  const router = await startRouter([dyno]);
  const { statusCode, body } = await request(router.url);
  expect(statusCode).toBe(200);
  proceed();
  const [chunk] = await once(body, "data");
  expect(String(chunk)).toBe("data: first\n\n");
  body.destroy();
  body.on("error", () => {});
});

test("a request is passed on as it comes", async () => {
  let heard = "";
  const dyno = await startDyno("web.1", (incoming, response) => {
    incoming.on("data", (chunk) => {
      heard += chunk;
    });
    incoming.on("end", () => response.end(heard));
  });
  const router = await startRouter([dyno]);
  const socket = openClient(
    router.port,
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n",
  );
  await expect.poll(() => heard).toBe("first");
  socket.write("7\r\n second\r\n0\r\n\r\n");
  const [chunk] = await once(socket, "data");
  expect(String(chunk)).toMatch(/first second$/);
});

test("20 MB arrive unchanged in both directions", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => void incoming.pipe(response));
  const router = await startRouter([dyno]);
  const sent = randomBytes(20 * MB);
  const { body } = await request(router.url, { method: "POST", body: sent });
  expect(hash(Buffer.from(await body.arrayBuffer()))).toBe(hash(sent));
  expect(await router.line("method=POST")).toContain(`bytes=${20 * MB}`);
});

test("a dyno's answer waits for a client that reads slowly", async () => {
  let written = 0;
  const dyno = await startDyno("web.1", (_request, response) => {
    Readable.from(
      (function* () {
        for (; written < 200; written++) yield Buffer.alloc(MB);
      })(),
    ).pipe(response);
  });
  const router = await startRouter([dyno]);
  const socket = openClient(router.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(socket, "data");
  socket.pause();
  await pause(300);
  const atPause = written;
  await pause(300);
  expect(written).toBe(atPause);
  expect(written).toBeLessThan(100);
  socket.resume();
  await expect.poll(() => written).toBe(200);
});

test("a client's upload waits for a dyno that reads slowly", async () => {
  let paused: (() => void) | undefined;
  const dyno = await startDyno("web.1", (incoming, response) => {
    paused = () => incoming.resume().on("end", () => response.end("all"));
  });
  const router = await startRouter([dyno]);
  let sent = 0;
  const answer = request(router.url, {
    method: "POST",
    body: Readable.from(
      (function* () {
        for (; sent < 200; sent++) yield Buffer.alloc(MB);
      })(),
    ),
  });
  await expect.poll(() => paused).toBeDefined();
  await pause(300);
  const atPause = sent;
  await pause(300);
  expect(sent).toBe(atPause);
  expect(sent).toBeLessThan(100);
  paused?.();
  expect(await (await answer).body.text()).toBe("all");
});

test("a dyno may answer before it has the whole request", async () => {
  // By then the upload has come to a halt, because nobody reads it. It is read once the answer is sent: a server that
  // closes before takes an answer back that the router has not read yet, by a reset.
  const answer =
    "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 8\r\n\r\ntoo much";
  const dyno = await startRawDyno((socket) => {
    socket.pause();
    setTimeout(() => socket.end(answer).resume(), 300);
  });
  const router = await startRouter([dyno]);
  const socket = openClient(
    router.port,
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${20 * MB}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(20 * MB));
  // An answer comes in as many pieces as it likes.
  let heard = "";
  socket.on("data", (chunk) => (heard += chunk));
  await expect.poll(() => heard).toMatch(/^HTTP\/1.1 413 [\s\S]*too much/);
  // The connection is as good as before.
  heard = "";
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await expect.poll(() => heard).toMatch(/HTTP\/1.1 413 /);
});

test("a dyno may take its time between the beginning and the end of its answer", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    response.write("begun, ");
    incoming.resume().on("end", () => setTimeout(() => response.end("done"), 250));
  });
  const router = await startRouter([dyno], { timeouts: { firstByteMs: 100 } });
  const { body } = await request(router.url, {
    method: "POST",
    body: Readable.from(
      (async function* () {
        yield "some";
        await pause(100);
        yield "thing";
      })(),
    ),
  });
  expect(await body.text()).toBe("begun, done");
});
