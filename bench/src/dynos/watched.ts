import { cpus, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { median } from "../measure.ts";
import { requestsPerSecond } from "./load.ts";
import { startWatchedApp, type WatchedApp } from "./watched-app.ts";

/** What a page costs that is open on the live view: ratios of what was measured in turns, in this run. */
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const SECONDS = Number(process.env.SECONDS ?? 3);

const IDLE_SECONDS = 6;

interface Round {
  perSecond: number;
  /** Of the router's process, for each request: other work on the machine does not change it. */
  cpuUs: number;
  bytes: number;
}

async function round(app: WatchedApp, watched: boolean): Promise<Round> {
  const leave = watched ? await app.openPage() : () => 0;
  const cpuBefore = await app.cpuMs();
  const perSecond = await requestsPerSecond(app.url, SECONDS);
  const cpuMs = (await app.cpuMs()) - cpuBefore;
  return { perSecond, cpuUs: (1_000 * cpuMs) / (perSecond * SECONDS), bytes: leave() };
}

/** Of the same process while no request comes, in milliseconds a second: all that watching does, and nothing else. */
async function idleCpuMs(app: WatchedApp, watched: boolean): Promise<number> {
  const leave = watched ? await app.openPage() : () => 0;
  const before = await app.cpuMs();
  await pause(IDLE_SECONDS * 1_000);
  const cpuMs = (await app.cpuMs()) - before;
  leave();
  return cpuMs / IDLE_SECONDS;
}

const shown = (value: number, digits = 0) => value.toFixed(digits).padStart(9);
const app = await startWatchedApp();
try {
  console.log(`${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)} before the start`);
  await requestsPerSecond(app.url, SECONDS);
  console.log("unwatched/s watched/s     ratio   CPU µs   watched     ratio  events/s");
  const [rates, costs]: [number[], number[]] = [[], []];
  for (let count = 0; count < ROUNDS; count++) {
    // Each is first in every second round, so that neither profits from what the machine does meanwhile.
    const first = await round(app, count % 2 === 1);
    const second = await round(app, count % 2 === 0);
    const [plain, watched] = count % 2 === 1 ? [second, first] : [first, second];
    rates.push(watched.perSecond / plain.perSecond);
    costs.push(watched.cpuUs / plain.cpuUs);
    console.log(
      `  ${shown(plain.perSecond)} ${shown(watched.perSecond)} ${shown(rates.at(-1) ?? 0, 2)}` +
        `${shown(plain.cpuUs)} ${shown(watched.cpuUs)} ${shown(costs.at(-1) ?? 0, 2)}` +
        `  ${shown(watched.bytes / 1_024 / SECONDS, 1)} KiB`,
    );
  }
  console.log(`throughput, watched ÷ unwatched: median ${median(rates).toFixed(3)}`);
  console.log(`CPU a request, watched ÷ unwatched: median ${median(costs).toFixed(3)}`);
  const [alone, watching] = [await idleCpuMs(app, false), await idleCpuMs(app, true)];
  console.log(
    `CPU without requests: ${alone.toFixed(1)} ms a second, watched ${watching.toFixed(1)} ms`,
  );
  console.log("Target: watching costs less than 5 % of the throughput.");
} finally {
  await app.stop();
}
