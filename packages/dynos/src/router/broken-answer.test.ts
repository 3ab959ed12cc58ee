import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { request } from "undici";
import { expect, test } from "vitest";
import { startRawDyno } from "../../test/bad-dynos.ts";
import {
  expectErrorPage,
  openClient,
  sendBytes,
  startDyno,
  startRouter,
} from "../../test/router.ts";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test("no first byte in time is H12; the dyno is not told and works on", async () => {
  let told = false;
  let finished = false;
  const dyno = await startDyno("web.1", (_request, response) => {
    response.on("close", () => {
      told = !finished;
    });
    setTimeout(() => response.end("too late", () => (finished = true)), 250);
  });
  const router = await startRouter([dyno], { timeouts: { firstByteMs: 100 } });
  expect(await expectErrorPage(router, "H12")).toMatch(/dyno=web.1 connect=\d+ms service=\d{3,}ms/);
  await expect.poll(() => finished).toBe(true);
  expect(told).toBe(false);
});

test("the time to the first byte counts from the end of the request", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    incoming.resume().on("end", () => response.end("got it"));
  });
  const router = await startRouter([dyno], { timeouts: { firstByteMs: 400 } });
  const socket = connect(router.port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\n");
  for (const byte of "abcdef") {
    await pause(100);
    socket.write(byte);
  }
  const [chunk] = await once(socket, "data");
  expect(String(chunk)).toMatch(/^HTTP\/1.1 200/);
});

test("a request that comes bit by bit may take longer than the limit for silence", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    incoming.resume().on("end", () => response.end("all of it"));
  });
  const router = await startRouter([dyno], { timeouts: { idleMs: 500 } });
  const socket = openClient(router.port, "POST / HTTP/1.0\r\nContent-Length: 8\r\n\r\n");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  for (const byte of "abcdefgh") {
    await pause(120);
    socket.write(byte);
  }
  await once(socket, "close");
  expect(heard).toContain("all of it");
});

test("a dyno that closes without an answer is H13", async () => {
  const router = await startRouter([await startRawDyno((socket) => socket.destroy())]);
  expect(await expectErrorPage(router, "H13")).toMatch(/dyno=web.1 connect=\d+ms service=\d+ms/);
});

test("a dyno that closes a kept connection just as a request comes is H13", async () => {
  const dyno = await startRawDyno((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    socket.once("data", () => socket.destroy());
  });
  const router = await startRouter([dyno]);
  await (await request(router.url)).body.text();
  await expectErrorPage(router, "H13");
});

test("an answer that falls silent is H15", async () => {
  const dyno = await startDyno("web.1", (_request, response) => void response.write("and then"));
  const router = await startRouter([dyno], { timeouts: { idleMs: 100 } });
  const answer = await sendBytes(router.port, "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(answer).toContain("and then");
  expect(answer.endsWith("0\r\n\r\n")).toBe(false);
  expect(await router.line("code=H15")).toContain("status=503 bytes=8");
});

test("an answer that comes bit by bit may take longer than the limit for silence", async () => {
  const dyno = await startDyno("web.1", async (_request, response) => {
    for (let i = 0; i < 6; i++) {
      response.write(String(i));
      await pause(120);
    }
    response.end();
  });
  const router = await startRouter([dyno], { timeouts: { idleMs: 500 } });
  expect(await (await request(router.url)).body.text()).toBe("012345");
});

test.each([
  ["something that is not HTTP", "SSH-2.0-dyno\r\n"],
  ["a status that is none", "HTTP/1.1 abc\r\n\r\n"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
  ["a control character in a header", "HTTP/1.1 200 OK\r\nX-Bad: a\u0001b\r\n\r\n"],
  [
    "more headers than any limit allows",
    `HTTP/1.1 200 OK\r\n${`A: ${"b".repeat(8_000)}\r\n`.repeat(140)}\r\n`,
  ],
  ["a status below all others", "HTTP/1.1 099 Odd\r\n\r\n"],
])("%s as an answer is H17", async (_what, bytes) => {
  const router = await startRouter([await startRawDyno((socket) => socket.write(bytes))]);
  await expectErrorPage(router, "H17");
});

test("a status text that Node would refuse is left out", async () => {
  const dyno = await startRawDyno((socket) =>
    socket.write("HTTP/1.1 200 \u20ac\r\nContent-Length: 2\r\n\r\nok"),
  );
  const router = await startRouter([dyno]);
  expect(await (await request(router.url)).body.text()).toBe("ok");
});

test("a dyno that dies within its answer is H18, and the client can tell", async () => {
  const dyno = await startRawDyno((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
    setTimeout(() => socket.destroy(), 20);
  });
  const router = await startRouter([dyno]);
  const { statusCode, body } = await request(router.url);
  expect(statusCode).toBe(200);
  await expect(body.text()).rejects.toThrow();
  expect(await router.line('code=H18 desc="Server request interrupted"')).toContain("dyno=web.1");
});

test("a dyno that dies while it is sent a request is H18", async () => {
  const router = await startRouter([await startRawDyno((socket) => socket.destroy())]);
  const socket = connect(router.port, "127.0.0.1");
  socket.write("POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  const [chunk] = await once(socket, "data");
  expect(String(chunk)).toMatch(/^HTTP\/1.1 503 /);
  socket.destroy();
  expect(await router.line("/half")).toContain("code=H18");
});

/** A dyno whose answer has a cookie line of so many bytes, and an end only if it is asked for. */
const cookieLine = (bytes: number, onAnswer = (response: ServerResponse) => void response.end()) =>
  startDyno("web.1", (_request, response) => {
    response.setHeader("Set-Cookie", `c=${"a".repeat(bytes - "Set-Cookie: c=".length)}`);
    onAnswer(response);
  });

test("a cookie line of 8,192 bytes is passed on", async () => {
  const router = await startRouter([await cookieLine(8_192)]);
  const { statusCode, headers } = await request(router.url);
  expect(statusCode).toBe(200);
  expect(headers["set-cookie"]).toHaveLength(8_192 - "Set-Cookie: ".length);
});

test("a cookie line of 8,193 bytes is H25 and 502, and the rest of the answer is not awaited", async () => {
  let closed = false;
  const dyno = await cookieLine(8_193, (response) => {
    response.on("close", () => {
      closed = true;
    });
    response.write("endless");
  });
  const router = await startRouter([dyno]);
  expect(await expectErrorPage(router, "H25")).toContain("dyno=web.1");
  await expect.poll(() => closed).toBe(true);
});

test.each([
  ["a header line over 512 KB", `HTTP/1.1 200 OK\r\nA: ${"b".repeat(524_288)}\r\n`],
  ["a status line over 8,192 bytes", `HTTP/1.1 200 ${"b".repeat(8_192)}\r\n`],
])("%s is H25", async (_what, head) => {
  const dyno = await startRawDyno((socket) => {
    socket.end(`${head}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  await expectErrorPage(await startRouter([dyno]), "H25");
});
