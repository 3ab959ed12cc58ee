import { makeCertificate } from "@repo/addons/certificate";
import { createRouter, type RequestEvent } from "@repo/dynos/router";

/** A router in a separate process, for one dyno: `node --expose-gc router-process.ts DYNO_PORT [listener]`. */
const dynos = [{ name: "web.1", port: Number(process.argv[2]) }];
const lines: string[] = [];
let events: RequestEvent[] = [];

const router = createRouter({
  port: 0,
  httpsPort: 0,
  tls: await makeCertificate(),
  dynos: () => dynos,
  state: () => "ok",
  affinity: () => false,
  // As a log that can be looked at: the last lines are kept.
  log(line) {
    lines.push(line);
    if (lines.length > 1_500) lines.splice(0, 500);
  },
  // As a page that shows requests live: what came is sent ten times a second.
  ...(process.argv[3] === "listener" && {
    onRequest(event: RequestEvent) {
      events.push(event);
    },
  }),
});
setInterval(() => {
  if (events.length > 0) JSON.stringify(events);
  events = [];
}, 100).unref();

process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({
    rssMb: rss / 2 ** 20,
    heapMb: heapUsed / 2 ** 20,
    cpuMs: (user + system) / 1_000,
  });
});
process.on("disconnect", () => process.exit());
const { port } = await router.listen();
process.send?.({ port });
