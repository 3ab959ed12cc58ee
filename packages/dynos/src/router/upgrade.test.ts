import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { sendBytes, startDyno, startRouter } from "../../test/router.ts";

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
