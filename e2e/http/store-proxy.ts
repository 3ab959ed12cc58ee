import { connect, createServer, type Socket } from "node:net";

export interface StoreProxy {
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Accepts connections and lets nothing through, as a store does whose machine stopped. */
  freeze(): void;
  /** Ends `cut` and `freeze`: what was held back goes through. */
  mend(): void;
  close(): Promise<void>;
}

/** A TCP relay in front of a store, which can be cut, frozen and mended without the store losing anything. */
export async function storeProxy(target: { host: string; port: number }): Promise<StoreProxy> {
  const pairs = new Set<[client: Socket, upstream: Socket]>();
  let state: "open" | "cut" | "frozen" = "open";

  function relay([client, upstream]: [Socket, Socket]): void {
    client.pipe(upstream).pipe(client);
  }

  const server = createServer((client) => {
    if (state === "cut") return client.destroy();
    const upstream = connect(target);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => {});
      socket.on("close", () => {
        pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
    if (state === "open") relay(pair);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("[e2e] The proxy has no port.");

  function cut(): void {
    state = "cut";
    for (const [client] of pairs) client.destroy();
  }
  return {
    port: address.port,
    cut,
    freeze() {
      state = "frozen";
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
    },
    mend() {
      if (state === "frozen") for (const pair of pairs) relay(pair);
      state = "open";
    },
    close() {
      cut();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
