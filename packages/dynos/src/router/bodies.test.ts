import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { expect, test } from "vitest";
import { startRawDyno } from "../../test/bad-dynos.ts";
import { openClient, sendBytes, startDyno, startRouter } from "../../test/router.ts";

test.each([
  ["HEAD", 200, "5"],
  ["GET", 204, undefined],
  ["GET", 304, undefined],
])("%s with %i has no body, and the connection stays open", async (method, status, length) => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    if (incoming.url === "/next") return response.end("next");
    response.writeHead(status, { ETag: '"1"', ...(length && { "Content-Length": length }) });
    response.end();
  });
  const router = await startRouter([dyno]);
  const answer = await sendBytes(
    router.port,
    `${method} / HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  const [first = "", second = ""] = answer.split(/(?<=\r\n\r\n)(?=HTTP)/);
  expect(first).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(first).toContain('ETag: "1"\r\n');
  expect(first.endsWith("\r\n\r\n")).toBe(true);
  if (length) expect(first).toContain(`Content-Length: ${length}\r\n`);
  expect(second).toContain("next");
});

test("connections to a dyno are kept after HEAD", async () => {
  const dyno = await startDyno("web.1");
  let connections = 0;
  dyno.server.on("connection", () => connections++);
  const router = await startRouter([dyno]);
  for (let i = 0; i < 5; i++) await request(router.url, { method: "HEAD" });
  expect(connections).toBe(1);
});

test("a client that expects 100-continue gets it when a dyno takes the request", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => void incoming.pipe(response));
  let dynos: (typeof dyno)[] = [];
  const router = await startRouter(() => dynos);
  const socket = openClient(
    router.port,
    "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
  );
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  await pause(100);
  expect(heard).toBe("");
  dynos = [dyno];
  await expect.poll(() => heard).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  socket.write("hello");
  await expect.poll(() => heard).toMatch(/HTTP\/1.1 200 OK[\s\S]*hello/);
});

test("a client that asks first need not send its body to no dyno", async () => {
  const router = await startRouter([], { state: () => "none" });
  const answer = await sendBytes(
    router.port,
    "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
});

test("early hints and trailers are passed on", async () => {
  const dyno = await startDyno("web.1", (_request, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
    response.writeHead(200, { Trailer: "X-Sum" });
    response.write("body");
    response.addTrailers({ "X-Sum": "42" });
    response.end();
  });
  const router = await startRouter([dyno]);
  const answer = await sendBytes(
    router.port,
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  );
  expect(answer).toMatch(
    /^HTTP\/1.1 103 Early Hints\r\nlink: <\/style.css>[\s\S]*HTTP\/1.1 200 OK\r\n/i,
  );
  expect(answer).toMatch(/\r\n0\r\nX-Sum: 42\r\n\r\n$/i);
});

test("an answer that ends with the dyno's connection is whole", async () => {
  const dyno = await startRawDyno((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
  const router = await startRouter([dyno]);
  expect(await (await request(router.url)).body.text()).toBe("until the end");
  expect(await router.line("at=info")).toContain("bytes=13");
});

test("a body comes through with any method", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => void incoming.pipe(response));
  const router = await startRouter([dyno]);
  for (const method of ["DELETE", "PATCH", "GET", "OPTIONS"]) {
    const answer = await sendBytes(
      router.port,
      `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody`,
    );
    expect(answer, method).toContain("body");
  }
});

test("a client of HTTP/1.0 gets no chunks", async () => {
  const dyno = await startDyno("web.1", (_request, response) => {
    response.write("in two ");
    response.end("pieces");
  });
  const router = await startRouter([dyno]);
  const answer = await sendBytes(router.port, "GET / HTTP/1.0\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer.endsWith("\r\n\r\nin two pieces")).toBe(true);
});
