import type { Duplex } from "node:stream";
import type { RequestRecord } from "./record.ts";

export type Tunnel = {
  client: Duplex;
  /** What each side said before the other one could hear it. */
  early: Buffer;
  dyno: Duplex;
  dynoEarly: Buffer;
  idleMs: number;
  record: RequestRecord;
  /** Neither side says anything for that long. */
  onIdle(): void;
};

/** Joins an upgraded connection with the dyno's, in both directions. Gives the timer that has to be stopped. */
export function join(tunnel: Tunnel): NodeJS.Timeout {
  const { client, early, dyno, dynoEarly, record } = tunnel;
  const timer = setTimeout(tunnel.onIdle, tunnel.idleMs);
  if (early.length > 0) dyno.write(early);
  if (dynoEarly.length > 0) dyno.unshift(dynoEarly);
  client.on("data", () => timer.refresh());
  dyno.on("data", (chunk: Buffer) => {
    timer.refresh();
    record.bytes += chunk.length;
  });
  dyno.on("error", () => {});
  dyno.on("close", () => client.destroy());
  client.pipe(dyno);
  dyno.pipe(client);
  return timer;
}
