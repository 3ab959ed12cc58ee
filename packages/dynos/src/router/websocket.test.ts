import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { deadDyno } from "../../test/bad-dynos.ts";
import { startDyno, startRouter } from "../../test/router.ts";

/** A dyno whose WebSockets send back what they receive. */
async function echoDyno(name = "web.1") {
  const dyno = await startDyno(name);
  const sockets = new WebSocketServer({ server: dyno.server, path: "/socket" });
  sockets.on("connection", (socket, request) => {
    socket.send(`hello from ${name}, ${request.headers["x-forwarded-proto"]}`);
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  return { ...dyno, sockets };
}

function open(url: string) {
  const socket = new WebSocket(url.replace(/^http/, "ws"), { rejectUnauthorized: false });
  onTestFinished(() => socket.terminate());
  return socket.on("error", () => {});
}

async function nextMessage(socket: WebSocket): Promise<Buffer> {
  const [data] = await once(socket, "message");
  return data as Buffer;
}

test.each(["http", "https"])("a WebSocket over %s carries messages both ways", async (scheme) => {
  const router = await startRouter([await echoDyno()]);
  const socket = open(`${scheme === "https" ? router.httpsUrl : router.url}/socket`);
  expect(String(await nextMessage(socket))).toBe(`hello from web.1, ${scheme}`);
  socket.send("ping");
  expect(String(await nextMessage(socket))).toBe("ping");
  socket.close();
  expect(await router.line("/socket")).toMatch(/^at=info .* dyno=web.1 .* status=101 bytes=[1-9]/);
});

test("large messages arrive whole", async () => {
  const router = await startRouter([await echoDyno()]);
  const socket = open(`${router.url}/socket`);
  await nextMessage(socket);
  const sent = Buffer.alloc(5_000_000, "abcdefghijk");
  socket.send(sent);
  const hash = (data: Buffer) => createHash("sha256").update(data).digest("hex");
  expect(hash(await nextMessage(socket))).toBe(hash(sent));
});

test("a dyno that does not take the connection is passed over for an upgrade too", async () => {
  const router = await startRouter([await echoDyno("web.1"), await deadDyno("web.2")]);
  for (let i = 0; i < 10; i++) {
    const socket = open(`${router.url}/socket`);
    expect(String(await nextMessage(socket))).toContain("web.1");
    socket.terminate();
  }
});

test("without a dyno an upgrade is answered with the error page", async () => {
  const router = await startRouter([], { state: () => "crashed" });
  const socket = open(`${router.url}/socket`);
  const [, response] = await once(socket, "unexpected-response");
  expect(response.statusCode).toBe(503);
  expect(await router.line("/socket")).toContain("code=H10");
});

test("a WebSocket that is silent on both sides is H15, one that is used is kept", async () => {
  const router = await startRouter([await echoDyno()], { timeouts: { idleMs: 500 } });
  const socket = open(`${router.url}/socket`);
  await nextMessage(socket);
  for (let i = 0; i < 5; i++) {
    await pause(150);
    socket.send("still here");
    await nextMessage(socket);
  }
  await once(socket, "close");
  expect(await router.line("/socket")).toContain("code=H15");
});

test("a client that does not wait for the dyno's answer to an upgrade is H27", async () => {
  const dyno = await startDyno("web.1");
  let closed = false;
  const asked = new Promise<void>((resolve) => {
    dyno.server.on("upgrade", (_incoming, socket) => {
      socket.resume().on("end", () => socket.end());
      socket.on("close", () => {
        closed = true;
      });
      resolve();
    });
  });
  const router = await startRouter([dyno]);
  const socket = open(`${router.url}/socket`);
  await asked;
  socket.terminate();
  expect(await router.line("/socket")).toContain("code=H27");
  await expect.poll(() => closed).toBe(true);
});

test("when one side of a WebSocket goes away, the other is told", async () => {
  const dyno = await echoDyno();
  const router = await startRouter([dyno]);
  const first = open(`${router.url}/socket`);
  await nextMessage(first);
  first.terminate();
  await expect.poll(() => dyno.sockets.clients.size).toBe(0);
  const second = open(`${router.url}/socket`);
  await nextMessage(second);
  for (const socket of dyno.sockets.clients) socket.terminate();
  await once(second, "close");
});
