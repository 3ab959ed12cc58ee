import { cpus, loadavg } from "node:os";
import { median } from "../measure.ts";
import { latenciesMs, requestsPerSecond, sendRequests } from "./load.ts";
import { type DynoUnderTest, startDynos, startRouter, stopAll } from "./processes.ts";

/** What the router costs: all figures are ratios or differences of what was measured side by side, in this run. */
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 3);
/** Until the heap has grown to its working size. */
const WARM_UP = 50_000;
const STEP = 20_000;

const shown = (value: number, digits = 2) => value.toFixed(digits).padStart(9);
const print = (text: string) => console.log(text);

async function compare({ title, path, port }: DynoUnderTest) {
  const bare = await startRouter(port, false);
  const watched = await startRouter(port, true);
  const targets = [port, bare.port, watched.port].map((each) => `http://127.0.0.1:${each}`);
  const [direct, through, live] = targets as [string, string, string];
  for (const url of targets) await requestsPerSecond(url + path, 1);

  print(`\n${title}, GET ${path}, 16 connections, ${SECONDS} s each`);
  print("   direct/s through/s     ratio  listener/s     ratio");
  const ratios: number[] = [];
  const watchedRatios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b, c] = await inTurns(round, [direct, through, live], path);
    ratios.push(b / a);
    watchedRatios.push(c / b);
    print(`  ${shown(a, 0)} ${shown(b, 0)} ${shown(b / a)}   ${shown(c, 0)} ${shown(c / b)}`);
  }
  print(`  through the router ÷ direct: median ${median(ratios).toFixed(2)}`);
  print(`  with a listener ÷ without:   median ${median(watchedRatios).toFixed(2)}`);

  const added: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const directly = median(await latenciesMs(direct, path, 300));
    added.push(median(await latenciesMs(through, path, 300)) - directly);
  }
  print(`  added latency, one request at a time: median ${median(added).toFixed(2)} ms`);
  watched.stop();
  bare.stop();
}

/** Each round begins with another one, so that none profits from what the machine does meanwhile. */
async function inTurns(
  round: number,
  origins: string[],
  path: string,
): Promise<[number, number, number]> {
  const rates: number[] = [];
  for (let i = 0; i < origins.length; i++) {
    const turn = (round + i) % origins.length;
    rates[turn] = await requestsPerSecond(origins[turn] + path, SECONDS);
  }
  return rates as [number, number, number];
}

async function memory({ path, port }: DynoUnderTest) {
  const router = await startRouter(port, true);
  const url = `http://127.0.0.1:${router.port}${path}`;
  print("\nthe router's process, after a garbage collection");
  print("   requests    RSS MB   heap MB  CPU µs a request");
  await sendRequests(url, WARM_UP);
  let before = await router.usage();
  print(`  ${shown(WARM_UP, 0)} ${shown(before.rssMb, 1)} ${shown(before.heapMb, 1)}`);
  for (let sent = 0; sent < 100_000; sent += STEP) {
    await sendRequests(url, STEP);
    const now = await router.usage();
    const cpuMicros = ((now.cpuMs - before.cpuMs) * 1_000) / STEP;
    print(
      `  ${shown(WARM_UP + sent + STEP, 0)} ${shown(now.rssMb, 1)} ${shown(now.heapMb, 1)} ${shown(cpuMicros, 0)}`,
    );
    before = now;
  }
  router.stop();
}

try {
  print(`${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)} before the start`);
  const dynos = await startDynos();
  for (const dyno of dynos) await compare(dyno);
  await memory(dynos[0] as DynoUnderTest);
  print(
    "\nTargets, for an app: at least 0.80, with a listener at least 0.95, less than 1 ms, flat memory.",
  );
} finally {
  stopAll();
}
