import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy before a store that counts round trips: each time that the store answers what a client sent. */
export interface TripCounter {
  readonly port: number;
  count(): number;
  close(): Promise<void>;
}

/** It works for every protocol, TLS too, where a client waits for one answer before it sends the next. */
export async function startTripCounter(storePort: number): Promise<TripCounter> {
  let trips = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const store = connect({ host: "127.0.0.1", port: storePort, noDelay: true });
    let isAsked = false;
    client.on("data", () => {
      isAsked = true;
    });
    store.on("data", () => {
      if (isAsked) trips += 1;
      isAsked = false;
    });
    for (const socket of [client, store]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    client.pipe(store).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    count: () => trips,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
