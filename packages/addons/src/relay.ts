import { connect, createServer, type Socket } from "node:net";

/** A small TCP proxy in front of a store. What it does to the store's answers, the store does not notice. */
export interface Relay {
  /** The address that apps know. It stays the same. */
  readonly port: number;
  /** Takes connections, and passes them on to the store. */
  open(): Promise<void>;
  /** Refuses connections, as a store does that does not run. */
  shut(): Promise<void>;
  /** Answers come so many milliseconds later: a longer round trip. */
  slow(ms: number): void;
  /** Takes connections and lets nothing through, as a store whose machine stopped. */
  freeze(): void;
  /** Breaks all connections, and each new one. */
  cut(): void;
  /** Ends `slow`, `freeze` and `cut`; what was held back goes through. */
  mend(): void;
}

interface Pipe {
  hold(held: boolean): void;
}

/**
 * @param port where apps find the store
 * @param storePort where the store itself listens
 */
export function createRelay(port: number, storePort: number): Relay {
  const clients = new Map<Socket, Pipe[]>();
  let delayMs = 0;
  let state: "open" | "frozen" | "cut" = "open";

  /** Passes on what one end sends, in order, each part after the delay that held when it came. */
  function pipe(from: Socket, to: Socket, delay: () => number): Pipe {
    const parts: { due: number; bytes: Buffer | null }[] = [];
    let timer: NodeJS.Timeout | undefined;
    let held = false;

    function flush(): void {
      timer = undefined;
      for (let next = parts[0]; next && !held; next = parts[0]) {
        const waitMs = next.due - performance.now();
        if (waitMs > 0) {
          timer = setTimeout(flush, waitMs);
          return;
        }
        parts.shift();
        if (next.bytes === null) to.end();
        else if (!to.write(next.bytes)) from.pause();
      }
    }
    const take = (bytes: Buffer | null) => {
      parts.push({ due: performance.now() + delay(), bytes });
      if (!timer) flush();
    };
    to.on("drain", () => held || from.resume());
    from.on("data", take);
    from.on("end", () => take(null));
    return {
      hold(next) {
        held = next;
        if (held) from.pause();
        else from.resume();
        if (!held && !timer) flush();
      },
    };
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on("error", () => {});
    if (state === "cut") return void client.resetAndDestroy();
    const store = connect({
      host: "127.0.0.1",
      port: storePort,
      allowHalfOpen: true,
      noDelay: true,
    });
    store.on("error", () => {});
    const pipes = [pipe(client, store, () => 0), pipe(store, client, () => delayMs)];
    clients.set(client, pipes);
    client.once("close", () => {
      clients.delete(client);
      store.destroy();
    });
    // What the store said last still goes through, later if it has to.
    store.once("close", (failed) => failed && client.destroy());
    if (state === "frozen") for (const each of pipes) each.hold(true);
  });

  const breakAll = () => {
    for (const client of clients.keys()) client.resetAndDestroy();
  };
  const holdAll = (held: boolean) => {
    for (const pipes of clients.values()) for (const each of pipes) each.hold(held);
  };

  return {
    port,
    async open() {
      if (server.listening) return;
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
    },
    async shut() {
      breakAll();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
    slow(ms) {
      this.mend();
      delayMs = ms;
    },
    freeze() {
      state = "frozen";
      holdAll(true);
    },
    cut() {
      state = "cut";
      breakAll();
    },
    mend() {
      state = "open";
      delayMs = 0;
      holdAll(false);
    },
  };
}
