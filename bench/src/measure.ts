import type { EventEmitter } from "node:events";
import { join } from "node:path";
import autocannon from "autocannon";
import type { Server } from "./server.ts";

const CONNECTIONS = 10;
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
}

/** Of all rounds. One slow round moves the ends, not the median. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

interface Target {
  method: "GET" | "POST";
  path: string;
}

interface Options {
  paths: readonly string[];
  rounds: number;
  seconds: number;
  /** Writes a CPU profile of each target into this folder, after the rounds, because sampling costs time too. */
  profiles?: string | undefined;
}

/** Each round measures every target for some seconds. */
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
  const slices = targets.map(() => [] as Slice[]);
  const warmUp = { amount: Math.ceil(WARM_UP_REQUESTS_PER_SECOND * seconds) };
  for (const target of targets) await load(server, target, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      slices[index]?.push(await load(server, target, { duration: seconds }));
    }
  }
  if (profiles) {
    for (const target of targets) {
      const stopProfile = await server.startProfile();
      await load(server, target, warmUp);
      const name = `${target.method}${target.path.replaceAll("/", "-")}.cpuprofile`;
      await stopProfile(join(profiles, name));
    }
  }
  const [plainSlices = []] = slices;
  return Promise.all(
    targets.map(async (target, index) => {
      const own = slices[index] ?? [];
      const isBare = (other: Target) =>
        other.path === "/api/bare" && other.method === target.method;
      const bareSlices = target.path === "/api/session" ? slices[targets.findIndex(isBare)] : [];
      return {
        request: `${target.method} ${target.path}`,
        requestsPerSecond: spread(own.map(({ rate }) => rate)),
        ofPlain: spread(byRound(own, plainSlices, (one, other) => one.rate / other.rate)),
        ofBare: bareSlices?.length
          ? spread(byRound(own, bareSlices, (one, other) => one.rate / other.rate))
          : null,
        cpuMicroseconds: spread(own.map(({ cpu }) => cpu)),
        cpuAbovePlain: spread(byRound(own, plainSlices, (one, other) => one.cpu - other.cpu)),
        trips: await tripsOf(server, target),
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

/** So many seconds, or requests, on ten connections, each of which is a visitor with a session of its own. */
async function load(
  server: Server,
  { method, path }: Target,
  length: { amount: number } | { duration: number },
): Promise<Slice> {
  const url = `${server.url}${path}`;
  const isPlain = path === "/api/plain";
  const cookies = isPlain
    ? []
    : await Promise.all(Array.from({ length: CONNECTIONS }, () => visit(url)));
  const before = await server.cpuMicroseconds();
  const result = await autocannon({
    url,
    method,
    connections: CONNECTIONS,
    ...length,
    setupClient(client) {
      const cookie = cookies.pop();
      if (cookie) client.setHeaders({ cookie });
      // Where the data is in the cookie, each answer to a write brings a new one.
      const events = client as unknown as EventEmitter; // its types leave this event out
      events.on("headers", ({ headers }: { headers: string[] }) => {
        const index = headers.findIndex((name) => name.toLowerCase() === "set-cookie");
        if (index >= 0) client.setHeaders({ cookie: pairOf(headers[index + 1]) });
      });
    },
  });
  const cpu = (await server.cpuMicroseconds()) - before;
  const requests = result["2xx"];
  if (result.non2xx + result.errors > 0 || requests === 0) {
    throw new Error(
      `[bench] ${method} ${path}: ${result.non2xx} answers were errors, ${result.errors} none.`,
    );
  }
  return { rate: requests / result.duration, cpu: cpu / requests };
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
