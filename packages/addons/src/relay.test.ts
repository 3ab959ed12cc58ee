import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { freePort, givePortBack } from "./machine/ports.ts";
import { createRelay } from "./relay.ts";

/** A server that says everything back, behind a relay. */
async function echo() {
  const [port, storePort] = [await freePort(), await freePort()];
  const server = createServer((socket) => void socket.on("error", () => {}).pipe(socket));
  await new Promise<void>((done) => server.listen(storePort, "127.0.0.1", done));
  const relay = createRelay(port, storePort);
  await relay.open();
  onTestFinished(async () => {
    await relay.shut();
    await new Promise((done) => server.close(done));
    givePortBack(port);
    givePortBack(storePort);
  });
  return relay;
}

interface Client {
  socket: Socket;
  heard(): string;
  closed(): boolean;
}

function clientOf(port: number): Client {
  const socket = connect({ host: "127.0.0.1", port });
  onTestFinished(() => void socket.destroy());
  let heard = "";
  let closed = false;
  socket.on("error", () => {});
  socket.on("data", (bytes) => (heard += bytes));
  socket.on("close", () => (closed = true));
  return { socket, heard: () => heard, closed: () => closed };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test("everything goes through in order, also what was under way when the delay changed", async () => {
  const relay = await echo();
  const { socket, heard } = clientOf(relay.port);
  const started = performance.now();
  relay.slow(200);
  socket.write("a");
  await expect.poll(heard).toBe("a");
  expect(performance.now() - started).toBeGreaterThanOrEqual(199);
  relay.mend();
  const large = "b".repeat(1_000_000);
  socket.end(large);
  await expect.poll(() => heard().length).toBe(1 + large.length);
});

test("a frozen store takes connections and is silent; mended, it answers what waited", async () => {
  const relay = await echo();
  const before = clientOf(relay.port);
  before.socket.write("1");
  await expect.poll(before.heard).toBe("1");
  relay.freeze();
  const during = clientOf(relay.port);
  before.socket.write("2");
  during.socket.write("3");
  await pause(150);
  expect([before.heard(), during.heard(), during.closed()]).toEqual(["1", "", false]);
  relay.mend();
  await expect.poll(before.heard).toBe("12");
  await expect.poll(during.heard).toBe("3");
});

test("a cut breaks every connection and each new one; a relay that is shut refuses", async () => {
  const relay = await echo();
  const before = clientOf(relay.port);
  before.socket.write("1");
  await expect.poll(before.heard).toBe("1");
  relay.cut();
  await expect.poll(before.closed).toBe(true);
  const during = clientOf(relay.port);
  await expect.poll(during.closed).toBe(true);
  relay.mend();
  const after = clientOf(relay.port);
  after.socket.write("2");
  await expect.poll(after.heard).toBe("2");
  await relay.shut();
  await expect.poll(after.closed).toBe(true);
  const { socket } = clientOf(relay.port);
  const [error] = await new Promise<Error[]>((done) => socket.once("error", (...all) => done(all)));
  expect(error?.message).toContain("ECONNREFUSED");
});

test("opened and shut many times, it leaves no listener behind that Node would warn of", async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const relay = await echo();
  for (let restart = 0; restart < 12; restart++) {
    await relay.shut();
    await relay.open();
  }
  // a warning comes in the next turn
  await pause(0);
  expect(warnings).toEqual([]);
});
