import type { Duplex } from "node:stream";
import type { RequestRecord } from "./router-record.ts";

/**
 * Joins an upgraded connection with the dyno's, in both directions, with what came too early on either side. The timer
 * runs out when neither says anything.
 */
export function join(
  client: Duplex,
  clientHead: Buffer,
  dyno: Duplex,
  dynoHead: Buffer,
  idleMs: number,
  record: RequestRecord,
  onIdle: () => void,
): NodeJS.Timeout {
  const timer = setTimeout(onIdle, idleMs);
  if (clientHead.length > 0) client.unshift(clientHead);
  if (dynoHead.length > 0) dyno.unshift(dynoHead);
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
