import type { EventEmitter } from "node:events";
import autocannon from "autocannon";
import type { Server } from "./server.ts";

const CONNECTIONS = 10;
/** So many until V8 has compiled what matters; with fewer, what is measured is the compiler. */
const WARM_UP_REQUESTS = 5_000;

export interface Result {
  /** `GET /api/session` */
  readonly request: string;
  readonly requestsPerSecond: number;
  /** Requests per second divided by those of /api/plain right before: the median of all rounds. */
  readonly ratio: number;
  readonly cpuMicroseconds: number;
  /** From the route's `Server-Timing`; null where it does not say. */
  readonly trips: number | null;
}

interface Target {
  method: "GET" | "POST";
  path: string;
}

interface Options {
  paths: readonly string[];
  rounds: number;
  seconds: number;
}

/** Each round measures every target for some seconds. */
export async function measure(
  server: Server,
  { paths, rounds, seconds }: Options,
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
  for (const target of targets) await load(server, target, { amount: WARM_UP_REQUESTS });
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      slices[index]?.push(await load(server, target, { duration: seconds }));
    }
  }
  const [plainSlices = []] = slices;
  return Promise.all(
    targets.map(async (target, index) => {
      const own = slices[index] ?? [];
      const ratios = own.map(({ rate }, round) => rate / (plainSlices[round]?.rate ?? Number.NaN));
      return {
        request: `${target.method} ${target.path}`,
        requestsPerSecond: median(own.map(({ rate }) => rate)),
        ratio: median(ratios),
        cpuMicroseconds: median(own.map(({ cpu }) => cpu)),
        trips: await tripsOf(server, target),
      };
    }),
  );
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
  const trips = /desc="(\d+) trip/.exec(answer.headers.get("server-timing") ?? "")?.[1];
  return trips === undefined ? null : Number(trips);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
