import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

// Below the ports that kernels hand to outgoing connections (Linux from 32768, macOS from 49152): a
// load test opens thousands of those, and one could sit on a port between our choice and the child's bind.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const claims = new Map<number, Socket>();

/**
 * A port on which nothing listens, claimed until `givePortBack` or the end of this process, so that no other caller on
 * this machine gets it before a child binds it. The claim is a UDP socket of that number, which does not get in the
 * child's way and ends with this process.
 * @throws when there is none between 20,000 and 32,000
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    const claim = await claimPort(port);
    if (!claim) continue;
    if (await isFree(port)) {
      claims.set(port, claim);
      return port;
    }
    claim.close();
  }
  throw new Error(`[addons] No free port between ${LOWEST} and ${HIGHEST}.`);
}

export function givePortBack(port: number): void {
  claims.get(port)?.close();
  claims.delete(port);
}

/** Whether this port can be listened on, on all IPv4 addresses. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "0.0.0.0", exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}

async function claimPort(port: number): Promise<Socket | undefined> {
  const socket = createSocket("udp4").unref();
  socket.bind({ port, address: "127.0.0.1", exclusive: true });
  try {
    await once(socket, "listening");
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
