import { cpus, loadavg } from "node:os";
import { latenciesMs, median, requestsPerSecond, sendRequests } from "./load.ts";
import { type DynoUnderTest, startDynos, startRouter, stopAll } from "./processes.ts";

/** What the router costs: all figures are ratios or differences of what was measured side by side, in this run. */
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 3);
const MEMORY_STEPS = 5;
const REQUESTS_PER_STEP = 20_000;

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
    const a = await requestsPerSecond(direct + path, SECONDS);
    const b = await requestsPerSecond(through + path, SECONDS);
    const c = await requestsPerSecond(live + path, SECONDS);
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

async function memory({ path, port }: DynoUnderTest) {
  const router = await startRouter(port, true);
  const url = `http://127.0.0.1:${router.port}${path}`;
  print(
    `\nmemory of the router's process, after a collection, every ${REQUESTS_PER_STEP} requests`,
  );
  await sendRequests(url, REQUESTS_PER_STEP);
  const rss = [await router.rssMb()];
  for (let step = 0; step < MEMORY_STEPS; step++) {
    await sendRequests(url, REQUESTS_PER_STEP);
    rss.push(await router.rssMb());
  }
  print(`  ${rss.map((mb) => `${mb.toFixed(1)} MB`).join("  ")}`);
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
