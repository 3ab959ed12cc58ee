import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { RoutedDyno } from "../src/router/types.ts";
import { startDyno } from "./router.ts";

/** A dyno that does what it likes with a connection, as soon as it has been sent something. */
export async function startRawDyno(answer: (socket: Socket) => void): Promise<RoutedDyno> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { name: "web.1", port: (server.address() as AddressInfo).port };
}

/** A dyno whose port nothing listens on. */
export async function deadDyno(name = "web.1"): Promise<RoutedDyno> {
  const { port, stop } = await startDyno(name);
  await stop();
  return { name, port };
}

const FILLERS = 4;

const LISTEN = `require("net").createServer((socket) => {
  process.stdout.write("connection ");
  socket.on("data", () => process.stdout.write("data ")).on("error", () => {});
}).listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {
  process.stdout.write(String(this.address().port));
})`;

export type StalledDyno = RoutedDyno & { wake(): void; received(): string[] };

/** A dyno that neither takes nor refuses a connection until it wakes: it is stopped, and its queue is full. */
export async function startStalledDyno(name = "web.1"): Promise<StalledDyno> {
  const child = spawn(process.execPath, ["-e", LISTEN], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  child.kill("SIGSTOP");
  const fillers = Array.from({ length: FILLERS }, () => connect(Number(port), "127.0.0.1"));
  onTestFinished(() => {
    for (const filler of fillers) filler.destroy();
    child.kill("SIGKILL");
  });
  for (const filler of fillers) filler.on("error", () => {});
  await once(fillers[0] as Socket, "connect");
  let received = "";
  child.stdout.on("data", (chunk) => {
    received += chunk;
  });
  return {
    name,
    port: Number(port),
    wake: () => void child.kill("SIGCONT"),
    received: () => received.trim().split(" "),
  };
}
