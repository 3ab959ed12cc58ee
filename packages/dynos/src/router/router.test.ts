import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { request } from "undici";
import { expect, test } from "vitest";
import { startDyno, startRouter } from "../../test/router.ts";

test("close ends what is under way: requests, kept connections, and those without a handshake", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    if (incoming.url === "/") response.end();
  });
  const router = await startRouter([dyno]);
  const kept = connect(router.port, "127.0.0.1");
  kept.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(kept, "data");
  const hanging = request(`${router.url}/hanging`).catch((error: Error) => error);
  const handshake = connect(router.httpsPort, "127.0.0.1").on("error", () => {});
  await Promise.all([once(handshake, "connect"), once(dyno.server, "request")]);
  const closed = [kept, handshake].map((socket) => once(socket, "close"));
  await router.close();
  await Promise.all(closed);
  expect(await hanging).toBeInstanceOf(Error);
  await expect(request(router.url)).rejects.toThrow("ECONNREFUSED");
});

test("a port that is taken is an error, and leaves no listener behind", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  await expect(startRouter([], { httpsPort: port })).rejects.toThrow("EADDRINUSE");
  await new Promise((done) => taken.close(done));
});

test("nothing is listened to beyond loopback", async () => {
  const router = await startRouter([await startDyno("web.1")]);
  const taken = createServer();
  // The same port is free on another address of the machine only if the router does not hold it there.
  await new Promise<void>((resolve, reject) => {
    taken.once("error", reject).listen(router.port, "127.0.0.2", resolve);
  });
  await new Promise((done) => taken.close(done));
});
