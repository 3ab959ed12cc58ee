import { createServer } from "node:net";

/** Answers whether a name and password are right, as saslauthd does, on a Unix socket. */
export interface SaslDoor {
  close(): Promise<void>;
}

/**
 * memcached asks its SASL library about passwords, and the library can ask a socket: so we need neither
 * `saslpasswd2` nor its database. The protocol: four strings (login, password, service, realm), each behind
 * its length in two bytes; the answer likewise, "OK" or "NO".
 */
export function openSaslDoor(path: string, login: string, password: string): Promise<SaslDoor> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const fields = parse(received);
      if (!fields) return;
      const right = fields[0] === login && fields[1] === password;
      socket.end(Buffer.concat([Buffer.from([0, 2]), Buffer.from(right ? "OK" : "NO")]));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, readableAll: true, writableAll: true }, () => {
      server.unref();
      resolve({ close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}

/** The four strings, or undefined while some of them is still on its way. */
function parse(received: Buffer): string[] | undefined {
  const fields: string[] = [];
  let offset = 0;
  while (fields.length < 4) {
    if (received.length < offset + 2) return undefined;
    const end = offset + 2 + received.readUInt16BE(offset);
    if (received.length < end) return undefined;
    fields.push(received.toString("utf8", offset + 2, end));
    offset = end;
  }
  return fields;
}
