/**
 * Each app beside what people use in its place, on the same store: round trips, CPU time that a session adds, and how long
 * an answer takes at a fixed rate. All systems of a store are up at once and are asked in turns.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readPeers } from "@repo/registry/peers";
import { execa } from "execa";
import { type Spread, spread } from "../measure.ts";
import { fillSection, machine, markdownTable, withEnds } from "../page.ts";
import { type Server, startProgram } from "../server.ts";
import { startVisitors, type Target, type Visitors } from "./paced.ts";
import { findGroups, type Group, type System } from "./systems.ts";
import { startTripCounter } from "./trip-counter.ts";

const PER_SECOND = 200;
/** So many until V8 has compiled what matters. */
const WARM_UP_REQUESTS = 5_000;
const COUNTED_REQUESTS = 20;
const TURN_SECONDS = 0.5;

const PLAIN: Target = { method: "GET", path: "/api/plain" };
const TARGETS: readonly Target[] = [
  { method: "GET", path: "/api/session" },
  { method: "POST", path: "/api/session" },
];

/** The most that a session may cost, as a share of what it costs the peer. cookie-session only signs, so it has none. */
const AIMS: Record<string, number> = {
  "connect-pg-simple": 1,
  "connect-redis": 1,
  "iron-session": 0.5,
};

interface Options {
  names: readonly string[];
  rounds: number;
  seconds: number;
  write: boolean;
}

/** What one system answered to one target. */
interface Measured {
  readonly system: System;
  readonly target: Target;
  readonly trips: number;
  readonly cpuAbovePlain: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  /** CPU above plain of our app, divided by this one's; null for our app. */
  readonly oursOfThis: number | null;
}

export async function benchPeers({ names, rounds, seconds, write }: Options): Promise<void> {
  const groups = findGroups(names);
  if (groups.length === 0) throw new Error("[bench] No app of these names has a peer.");
  await preparePeers();
  const measured: Measured[] = [];
  for (const group of groups) {
    console.log(`[bench] ${group.systems.map(({ name }) => name).join(" · ")} …`);
    const ofGroup = await measureGroup(group, rounds, seconds);
    measured.push(...ofGroup);
    console.log(`\n${table(ofGroup)}\n`);
  }
  const text = [
    `Measured at ${PER_SECOND} requests a second, ${rounds} rounds of ${seconds} s, on ${machine()}.`,
    table(measured),
    aims(measured),
  ].join("\n\n");
  console.log(`\n${text}`);
  if (write) fillSection("bench-peers", text);
}

async function measureGroup(group: Group, rounds: number, seconds: number): Promise<Measured[]> {
  const store = await group.startStore();
  const running: Running[] = [];
  try {
    for (const system of group.systems) {
      const trips = await countTrips(system, store.vars);
      running.push(await start(system, store.vars, trips));
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const each of running) await measureRound(each, seconds);
    }
  } finally {
    for (const { server, visitors } of running) {
      await visitors.close();
      await server.stop();
    }
    await store.stop();
  }
  const [ours] = running;
  return running.flatMap((each) =>
    TARGETS.map((target, index) => {
      const slices = each.slices[index] ?? [];
      const cpuAbovePlain = spread(slices.map(({ cpu }) => cpu));
      const ourCpu = spread((ours?.slices[index] ?? []).map(({ cpu }) => cpu)).median;
      return {
        system: each.system,
        target,
        trips: each.trips[index] ?? 0,
        cpuAbovePlain,
        p50: spread(slices.map(({ p50 }) => p50)),
        p99: spread(slices.map(({ p99 }) => p99)),
        oursOfThis: each === ours ? null : ourCpu / cpuAbovePlain.median,
      };
    }),
  );
}

interface Running {
  readonly system: System;
  readonly server: Server;
  readonly visitors: Visitors;
  /** By target. */
  readonly trips: readonly number[];
  /** By target, one per round. */
  readonly slices: Slice[][];
}

interface Slice {
  /** Microseconds per request above those of the plain route in the same round. */
  cpu: number;
  p50: number;
  p99: number;
}

async function start(system: System, vars: Vars, trips: readonly number[]): Promise<Running> {
  const server = await startProgram({ ...system, env: { ...vars, ...system.env } });
  const visitors = await startVisitors(server.url);
  for (const target of [PLAIN, ...TARGETS]) await visitors.askInTurn(target, WARM_UP_REQUESTS);
  return { system, server, visitors, trips, slices: TARGETS.map(() => []) };
}

/** In short turns, so that plain and session are measured on the same machine, however busy it is. */
async function measureRound({ server, visitors, slices }: Running, seconds: number) {
  const targets = [PLAIN, ...TARGETS];
  const sums = targets.map(() => ({ cpu: 0, times: [] as number[] }));
  const turns = Math.max(1, Math.round(seconds / TURN_SECONDS));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, target] of targets.entries()) {
      const before = await server.cpuMicroseconds();
      const times = await visitors.ask(target, PER_SECOND, seconds / turns);
      const sum = sums[index];
      if (sum) sum.cpu += (await server.cpuMicroseconds()) - before;
      sum?.times.push(...times);
    }
  }
  const [plain, ...others] = sums.map(({ cpu, times }) => {
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    return { cpu: cpu / times.length, p50: at(0.5), p99: at(0.99) };
  });
  for (const [index, slice] of others.entries())
    slices[index]?.push({ ...slice, cpu: slice.cpu - (plain?.cpu ?? Number.NaN) });
}

type Vars = Record<string, string>;

/** Round trips per request, by target, of a process that reaches its store through a counter. */
async function countTrips(system: System, vars: Vars): Promise<number[]> {
  const counters = new Map<string, Awaited<ReturnType<typeof startTripCounter>>>();
  const counted: Vars = {};
  for (const [name, value] of Object.entries(vars)) {
    const [address, port = ""] = /127\.0\.0\.1:(\d+)/.exec(value) ?? [];
    if (address && !counters.has(port)) counters.set(port, await startTripCounter(Number(port)));
    const counter = counters.get(port);
    counted[name] = address ? value.replace(address, `127.0.0.1:${counter?.port}`) : value;
  }
  const count = () => [...counters.values()].reduce((sum, counter) => sum + counter.count(), 0);
  const server = await startProgram({ ...system, env: { ...counted, ...system.env } });
  try {
    const visitors = await startVisitors(server.url);
    const trips: number[] = [];
    for (const target of TARGETS) {
      await visitors.askInTurn(target, COUNTED_REQUESTS); // opens the connections
      const before = count();
      await visitors.askInTurn(target, COUNTED_REQUESTS);
      trips.push((count() - before) / COUNTED_REQUESTS);
    }
    await visitors.close();
    return trips;
  } finally {
    await server.stop();
    for (const counter of counters.values()) await counter.close();
  }
}

function table(measured: readonly Measured[]): string {
  const head = [
    "system",
    "request",
    "trips",
    "CPU µs above plain",
    "ours ÷ this",
    "p50 ms",
    "p99 ms",
  ];
  const rows = measured.map(({ system, target, trips, cpuAbovePlain, oursOfThis, p50, p99 }) => [
    system.name,
    target.method,
    String(Number(trips.toFixed(1))),
    withEnds(cpuAbovePlain, 0),
    oursOfThis === null ? "–" : oursOfThis.toFixed(2),
    withEnds(p50, 2),
    withEnds(p99, 2),
  ]);
  return markdownTable(head, rows, 2);
}

/** One line for each aim, with its figures, whether it was reached or not. */
function aims(measured: readonly Measured[]): string {
  return Object.entries(AIMS)
    .flatMap(([peer, most]) => {
      const rows = measured.filter(({ system }) => !system.isOurs && system.name === peer);
      if (rows.length === 0) return [];
      const ratios = rows.map(
        ({ target, oursOfThis }) => `${target.method} ${oursOfThis?.toFixed(2)}`,
      );
      const isReached = rows.every(({ oursOfThis }) => (oursOfThis ?? 0) <= most);
      return [
        `- at most ${most} of ${peer}: ${isReached ? "reached" : "missed"}, ${ratios.join(", ")}`,
      ];
    })
    .join("\n");
}

/** Installs and builds the peers where that has not been done, as `bin/compare --peers` does. */
async function preparePeers(): Promise<void> {
  for (const { dir, prepare } of readPeers()) {
    if (!/express|iron-session/.test(dir) || existsSync(join(dir, prepare.makes))) continue;
    for (const command of prepare.commands) {
      console.log(`[bench] ${dir}: ${command}`);
      await execa(command, { cwd: dir, shell: true, stdin: "ignore" });
    }
  }
}
