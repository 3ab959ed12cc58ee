import { STORE_LIMIT_MS, within } from "@repo/session/strategy";
import { type Response, Server, Utils } from "memjs";

export const opcode = { get: 0x00, set: 0x01, add: 0x02, delete: 0x04, version: 0x0b } as const;
export const status = { ok: 0, missing: 1, exists: 2 } as const;

export interface Connection {
  /** Rejects when memcached fails; answers `ok`, `missing` and `exists` for the caller to tell apart. */
  send(
    operation: number,
    key: string,
    parts?: { extras?: Buffer; value?: string; cas?: string | undefined },
  ): Promise<Response>;
  close(): void;
}

/**
 * Opens connections by memjs, which supports SASL and pipelining. memjs is dormant, and stays because no other client on
 * npm does both correctly (decisions/020). Its `Client` has no CAS and, after a broken connection, goes on with half of an
 * answer in its buffer. So this uses only its `Server`, one per socket: a failure ends the socket with everything on it,
 * and the next request opens another.
 */
export function connect(options: {
  server: string;
  username?: string | undefined;
  password?: string | undefined;
}): Connection {
  const [host = "localhost", port = "11211"] = options.server.split(":");
  let current: Server | undefined;
  let sequence = 0;

  function open(): Server {
    const server = new Server(host, Number(port), options.username, options.password, {
      timeout: STORE_LIMIT_MS / 1000,
      conntimeout: STORE_LIMIT_MS / 1000,
      keepAlive: true,
    });
    // No request has the number 0, so memjs keeps this handler and calls it on every failure.
    server.onError(0, () => {
      if (current === server) current = undefined;
      server.sock = () => {}; // memjs would open another socket for the rest
    });
    // When memcached closes the connection, memjs leaves requests in progress pending.
    server.sock(false, (socket) => {
      socket.once("close", () => server.error(new Error("memcached closed the connection")));
    });
    return server;
  }

  return {
    send(operation, key, { extras = Buffer.alloc(0), value = "", cas } = {}) {
      current ??= open();
      const server = current;
      sequence = (sequence % 0xffff_ffff) + 1;
      const request = Utils.makeRequestBuffer(operation, key, extras, value, sequence);
      if (cas) request.write(cas, 16, "hex"); // the header's last eight bytes, which memjs leaves empty
      const answer = new Promise<Response>((resolve, reject) => {
        server.onResponse(sequence, (response) => {
          const code = response.header.status;
          if (code <= status.exists) resolve(response);
          else
            reject(new Error(response.val.toString() || `memcached answered with status ${code}`));
        });
        server.onError(sequence, (error) =>
          reject(error instanceof Error ? error : new Error(error)),
        );
        server.write(request);
      });
      return within(STORE_LIMIT_MS, answer, () => server.error(new Error("no answer in time")));
    },

    close() {
      current?.error(new Error("the connection is closed"));
    },
  };
}

/**
 * Flags, then the expiry as a moment in unix seconds: memcached takes a duration of more than 30 days for such
 * a moment, long past, and 0 for never. One second of slack because its clock ticks in seconds; `read` is exact.
 */
export function flagsAndExpiry(expiresAt: number): Buffer {
  const extras = Buffer.alloc(8);
  extras.writeUInt32BE(Math.ceil(expiresAt / 1000) + 1, 4);
  return extras;
}
