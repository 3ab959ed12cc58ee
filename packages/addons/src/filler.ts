import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

/**
 * Fills the memory of a store's plan, which stays full until the store restarts.
 * @returns makes room again, where the store does not do so by itself
 */
export type Filler = (port: number) => Promise<() => Promise<void>>;

const TOP_UP_MS = 100;

/** Redis refuses writes when its memory is full. */
export function redisFiller(password: string, tls: boolean): Filler {
  // What one hash holds can be given back at once.
  const HASH = "filler";
  const [LONG, SHORT] = ["x".repeat(16_000), "x".repeat(100)];

  return async (port) => {
    const socket = tls
      ? connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false })
      : connect(port, "127.0.0.1");
    // A restart of the store ends it.
    socket.on("error", () => {});
    socket.unref();
    const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
    async function ask(command: string): Promise<string> {
      socket.write(`${command}\r\n`);
      return String((await answers.next()).value ?? "-closed");
    }

    let values = 0;
    async function writeUntilFull(value: string): Promise<void> {
      for (;;) {
        const answer = await ask(`HSET ${HASH} ${values} ${value}`);
        if (answer.startsWith("-")) return;
        values += 1;
      }
    }

    async function fill(): Promise<void> {
      if (socket.destroyed) return;
      await writeUntilFull(LONG);
      await writeUntilFull(SHORT);
    }

    await ask(`AUTH ${password}`);
    await fill();
    if (values === 0)
      throw new Error("[addons] Redis cannot be filled: it refuses the first value.");
    // Redis frees buffers of idle connections and the old table of a grown hash, which would leave some room, up to megabytes.
    let topUp = Promise.resolve();
    const timer = setInterval(() => {
      topUp = topUp.then(fill);
    }, TOP_UP_MS).unref();
    socket.once("close", () => clearInterval(timer));
    return async () => {
      clearInterval(timer);
      await topUp;
      if (!socket.destroyed) await ask(`DEL ${HASH}`);
      socket.destroy();
    };
  };
}

/**
 * memcached evicts what was not used lately when its memory is full, among items of about the same size: so the filler
 * has items of every size that a session has, and more of them than fit.
 */
export function memcachedFiller(megabytes: number, login: string, password: string): Filler {
  const SIZES = Array.from({ length: 20 }, (_, at) => 100 * (at + 1));
  const TIMES = 4;

  return async (port) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(packet("authenticate", "PLAIN", `\0${login}\0${password}`));
    // One write for all sizes: this process routes requests meanwhile.
    let item = 0;
    for (let bytes = 0; bytes < TIMES * megabytes * 2 ** 20; ) {
      const packets = SIZES.map((size) =>
        packet("set quietly", `filler-${item++}`, "x".repeat(size)),
      );
      const batch = Buffer.concat(packets);
      bytes += batch.length;
      if (!socket.write(batch)) await once(socket, "drain");
    }
    socket.write(packet("no operation"));
    await answerOf(socket, "no operation");
    socket.destroy();
    return async () => {};
  };
}

const OPCODES = { authenticate: 0x21, "set quietly": 0x11, "no operation": 0x0a } as const;
type Opcode = keyof typeof OPCODES;

/** https://docs.memcached.org/protocols/binary/ */
function packet(opcode: Opcode, key = "", value = ""): Buffer {
  const extras = opcode === "set quietly" ? 8 : 0; // flags and expiry: none
  const header = Buffer.alloc(24 + extras);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(OPCODES[opcode], 1);
  header.writeUInt16BE(key.length, 2);
  header.writeUInt8(extras, 4);
  header.writeUInt32BE(extras + key.length + value.length, 8);
  return Buffer.concat([header, Buffer.from(key + value)]);
}

/** Answers come in order, and those to quiet packets only where they fail. */
async function answerOf(socket: Socket, opcode: Opcode): Promise<void> {
  let received = Buffer.alloc(0);
  for await (const data of socket) {
    received = Buffer.concat([received, data as Buffer]);
    while (received.length >= 24 && received.length >= 24 + received.readUInt32BE(8)) {
      if (received[1] === OPCODES[opcode]) return;
      received = received.subarray(24 + received.readUInt32BE(8));
    }
  }
  throw new Error("[addons] memcached closed the connection while it was filled.");
}
