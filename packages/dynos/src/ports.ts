import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below the ports that kernels hand to outgoing connections (Linux from 32768, macOS from 49152): a
// load test opens thousands of those, and one could sit on a port between our choice and the child's bind.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const handedOut = new Set<number>();

/** A port on which nothing listens now. Not handed out twice by one process until `givePortBack`. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`[dynos] No free port between ${LOWEST} and ${HIGHEST}.`);
}

export function givePortBack(port: number): void {
  handedOut.delete(port);
}

/** Whether one could listen on this port, on all IPv4 addresses. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "0.0.0.0", exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}
