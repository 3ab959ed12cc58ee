import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startLoad, type Target } from "./load.ts";
import { type Owner, sharesByOwner } from "./profile.ts";
import type { Server } from "./server.ts";

const CONNECTIONS = 10;
const TURN_SECONDS = 0.25;
/**
 * So many for rounds of two seconds, until V8 has compiled what matters: with fewer, what is measured is the compiler.
 * Who asks for shorter rounds wants to see that it runs.
 */
const WARM_UP_REQUESTS_PER_SECOND = 2_500;

export interface Result {
  /** `GET /api/session` */
  readonly request: string;
  readonly requestsPerSecond: Spread;
  /** Requests per second divided by those of `GET /api/plain` in the same round. */
  readonly ofPlain: Spread;
  /** Requests per second divided by those of the bare library in the same round; null where there is none. */
  readonly ofBare: Spread | null;
  /** CPU time of the process per request. */
  readonly cpuMicroseconds: Spread;
  /** What is left of it without that of `GET /api/plain` in the same round. */
  readonly cpuAbovePlain: Spread;
  /** From the route's `Server-Timing`; null where it does not say. */
  readonly trips: number | null;
  /** CPU time per request by owner, from a CPU profile; null where none was asked for. */
  readonly cpuByOwner: ReadonlyMap<Owner, number> | null;
}

/** Of all rounds. One slow round moves the ends, not the median. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

interface Options {
  paths: readonly string[];
  rounds: number;
  seconds: number;
  /** Writes a CPU profile of each target into this folder, after the rounds, because sampling costs time too. */
  profiles?: string | undefined;
}

/**
 * Each round measures every target for some seconds, in short turns: a busy machine slows all of them alike, and the order
 * of the turns is reversed each time.
 */
export async function measure(
  server: Server,
  { paths, rounds, seconds, profiles }: Options,
): Promise<Result[]> {
  const plain: Target = { method: "GET", path: "/api/plain" };
  const targets = [
    plain,
    ...["/api/session", ...paths].flatMap((path) => [
      { method: "GET" as const, path },
      { method: "POST" as const, path },
    ]),
  ];
  const warmUp = { requests: Math.ceil(WARM_UP_REQUESTS_PER_SECOND * seconds) };
  const load = startLoad(server.url, CONNECTIONS);
  for (const target of targets) await load.run(target, warmUp);
  const turns = Math.max(1, Math.round(seconds / TURN_SECONDS));
  const slices = new Map(targets.map((target) => [target, [] as Slice[]]));
  const order = [...targets];
  for (let round = 0; round < rounds; round += 1) {
    const sums = new Map(targets.map((target) => [target, { requests: 0, seconds: 0, cpu: 0 }]));
    for (let turn = 0; turn < turns; turn += 1) {
      for (const target of order.reverse()) {
        const before = await server.cpuMicroseconds();
        const ran = await load.run(target, { seconds: seconds / turns });
        const cpu = (await server.cpuMicroseconds()) - before;
        const sum = sums.get(target);
        if (sum) {
          sum.requests += ran.requests;
          sum.seconds += ran.seconds;
          sum.cpu += cpu;
        }
      }
    }
    for (const [target, sum] of sums) {
      const slice = { rate: sum.requests / sum.seconds, cpu: sum.cpu / sum.requests };
      slices.get(target)?.push(slice);
    }
  }
  await load.close();
  const shares = new Map<Target, Map<Owner, number>>();
  // One request at a time: the thread that takes the samples needs a core too.
  const slowly = startLoad(server.url, 1);
  for (const target of profiles ? targets : []) {
    const stopProfile = await server.startProfile();
    await slowly.run(target, warmUp);
    const file = join(
      profiles ?? "",
      `${target.method}${target.path.replaceAll("/", "-")}.cpuprofile`,
    );
    await stopProfile(file);
    shares.set(target, sharesByOwner(JSON.parse(readFileSync(file, "utf8"))));
  }
  await slowly.close();
  const plainSlices = slices.get(plain) ?? [];
  return Promise.all(
    targets.map(async (target) => {
      const own = slices.get(target) ?? [];
      const bare = targets.find(
        ({ method, path }) => path === "/api/bare" && method === target.method,
      );
      const cpu = spread(own.map((slice) => slice.cpu));
      const ownShares = shares.get(target);
      const bareSlices = (target.path === "/api/session" && bare && slices.get(bare)) || [];
      return {
        request: `${target.method} ${target.path}`,
        requestsPerSecond: spread(own.map(({ rate }) => rate)),
        ofPlain: spread(byRound(own, plainSlices, (one, other) => one.rate / other.rate)),
        ofBare: bareSlices.length
          ? spread(byRound(own, bareSlices, (one, other) => one.rate / other.rate))
          : null,
        cpuMicroseconds: cpu,
        cpuAbovePlain: spread(byRound(own, plainSlices, (one, other) => one.cpu - other.cpu)),
        trips: await tripsOf(server, target),
        cpuByOwner: ownShares
          ? new Map([...ownShares].map(([owner, share]) => [owner, share * cpu.median]))
          : null,
      };
    }),
  );
}

/** Compares slices of the same round only, so that a busy machine slows both. */
function byRound(
  own: readonly Slice[],
  others: readonly Slice[],
  compare: (one: Slice, other: Slice) => number,
): number[] {
  return own.flatMap((slice, round) => {
    const other = others[round];
    return other ? [compare(slice, other)] : [];
  });
}

interface Slice {
  rate: number;
  /** Microseconds per request. */
  cpu: number;
}

/** A new visitor's cookie. */
async function visit(url: string): Promise<string> {
  const answer = await fetch(url, { method: "POST" });
  return pairOf(answer.headers.getSetCookie()[0]);
}

function pairOf(setCookie = ""): string {
  const [pair = ""] = setCookie.split(";");
  if (!pair) throw new Error("[bench] The first visit set no cookie.");
  return pair;
}

async function tripsOf(server: Server, { method, path }: Target): Promise<number | null> {
  const cookie = path === "/api/plain" ? "" : await visit(`${server.url}${path}`);
  const answer = await fetch(`${server.url}${path}`, { method, headers: { cookie } });
  const trips = /desc="(\d+) round trip/.exec(answer.headers.get("server-timing") ?? "")?.[1];
  return trips === undefined ? null : Number(trips);
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[Math.floor(place)] ?? Number.NaN;
  return { low: at(0), median: at(sorted.length / 2), high: at(sorted.length - 1) };
}

export const median = (values: readonly number[]) => spread(values).median;
