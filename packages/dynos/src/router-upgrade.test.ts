import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { deadDyno } from "./router-bad-dynos.ts";
import { sendBytes, startDyno, startRouter } from "./router-harness.ts";

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

test("a dyno that declines the upgrade is heard", async () => {
  const dyno = await startDyno("web.1");
  dyno.server.on("upgrade", (_request, socket) => {
    socket.end("HTTP/1.1 401 Unauthorized\r\nX-Why: no ticket\r\nContent-Length: 4\r\n\r\nnope");
  });
  const router = await startRouter([dyno]);
  const answer = await sendBytes(
    router.port,
    "GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1.1 401 Unauthorized\r\nX-Why: no ticket\r\n/);
  expect(answer.endsWith("\r\n\r\nnope")).toBe(true);
  expect(await router.line("/socket")).toContain("status=401 bytes=4");
});

test("an upgrade that the dyno never answers is H12, one that it drops is H13", async () => {
  const dyno = await startDyno("web.1");
  dyno.server.on("upgrade", (request, socket) => {
    if (request.url === "/drop") socket.destroy();
  });
  const router = await startRouter([dyno], { timeouts: { firstByteMs: 100 } });
  const ask = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  expect(await sendBytes(router.port, ask("/wait"))).toMatch(/^HTTP\/1.1 503 /);
  expect(await router.line("/wait")).toContain("code=H12");
  expect(await sendBytes(router.port, ask("/drop"))).toMatch(/^HTTP\/1.1 503 /);
  expect(await router.line("/drop")).toContain("code=H13");
});

test("any other protocol is passed through, with bytes that come early", async () => {
  const dyno = await startDyno("web.1");
  dyno.server.on("upgrade", (_request, socket, head) => {
    socket.write("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nREADY");
    socket.write(String(head).toUpperCase());
    socket.on("data", (chunk) => socket.write(String(chunk).toUpperCase()));
  });
  const router = await startRouter([dyno]);
  const client = connect(router.port, "127.0.0.1");
  onTestFinished(() => void client.destroy());
  let heard = "";
  client.on("data", (chunk) => {
    heard += chunk;
  });
  client.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nearly");
  await expect.poll(() => heard).toContain("READYEARLY");
  client.write(" late");
  await expect.poll(() => heard).toContain("READYEARLY LATE");
  expect(heard).toContain("Upgrade: shout\r\n");
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

test("a client that only talks, and a dyno that only talks, are not silent", async () => {
  const dyno = await startDyno("web.1");
  dyno.server.on("upgrade", (incoming, socket) => {
    socket.write("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: talk\r\n\r\n");
    if (incoming.url === "/listen") setInterval(() => socket.write("word "), 100).unref();
    socket.resume().on("error", () => {});
  });
  const router = await startRouter([dyno], { timeouts: { idleMs: 400 } });
  const ask = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: talk\r\n\r\n`;
  const [talker, listener] = ["/talk", "/listen"].map((path) => {
    const socket = connect(router.port, "127.0.0.1").on("error", () => {});
    onTestFinished(() => void socket.destroy());
    socket.resume().write(ask(path));
    return socket;
  });
  for (let i = 0; i < 10; i++) {
    await pause(100);
    talker?.write("word ");
  }
  expect([talker?.closed, listener?.closed]).toEqual([false, false]);
});

test("when one side breaks off without a word, so does the other", async () => {
  const dyno = await startDyno("web.1");
  const joined: Duplex[] = [];
  dyno.server.on("upgrade", (_incoming, socket) => {
    socket.write("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: talk\r\n\r\n");
    joined.push(
      socket
        .resume()
        .on("end", () => socket.end())
        .on("error", () => {}),
    );
  });
  const router = await startRouter([dyno]);
  const join = async () => {
    const socket = connect(router.port, "127.0.0.1").on("error", () => {});
    onTestFinished(() => void socket.destroy());
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: talk\r\n\r\n");
    await once(socket, "data");
    return socket;
  };
  (await join()).resetAndDestroy();
  await expect.poll(() => joined[0]?.closed).toBe(true);
  const client = await join();
  (joined[1] as Socket).resetAndDestroy();
  await once(client, "close");
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

test("a client that only offers HTTP/2 without TLS is answered in HTTP/1.1", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => void incoming.pipe(response));
  const router = await startRouter([dyno]);
  const answer = await sendBytes(
    router.port,
    "POST / HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 4\r\n\r\nbody",
  );
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer).toContain("body");
});
