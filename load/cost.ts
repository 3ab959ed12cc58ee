// What does a session cost?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/cost.ts
//
// Several visitors at the same time send, in turn, a request without a session, one that reads the session and
// one that writes it, so that all three meet the same machine at the same moment. Times depend on the machine;
// their ratio to the request without a session says more.
//   VUS      visitors at the same time (8)
//   SECONDS  how long to measure, after half a second of warm-up (5)
import { Trend } from "k6/metrics";
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
import { type AppResponse, send } from "./lib/http.ts";
import { numberOption } from "./lib/options.ts";
import { routes } from "./lib/routes.ts";
import type { Figures, SummaryData } from "./lib/summary.ts";
import type { Visitor } from "./lib/visitor.ts";

const vus = numberOption("VUS", 8);
const seconds = numberOption("SECONDS", 5);
const WARM_UP_MS = 500;

const kinds = ["plain", "read", "write"] as const;
type Kind = (typeof kinds)[number];

const durations = {
  plain: new Trend("plain_duration", true),
  read: new Trend("read_duration", true),
  write: new Trend("write_duration", true),
};
const roundTrips = {
  read: new Trend("read_round_trips"),
  write: new Trend("write_round_trips"),
};

type CostFigure = `${Kind}${"P50Ms" | "P95Ms" | "P99Ms" | "Ratio" | "RoundTrips"}` | "rounds";

const { options, setup, play, handleSummary } = createScenario({
  name: "cost",
  visitors: 1, // in each VU
  figures: [
    ...kinds.flatMap((kind) => [`${kind}P50Ms`, `${kind}P95Ms`, `${kind}P99Ms`] as const),
    "readRatio",
    "writeRatio",
    "readRoundTrips",
    "writeRoundTrips",
    "rounds",
  ],
  fromAggregates: figuresOf,
  headline: ({ readRatio, writeRatio }) => `read ${times(readRatio)}, write ${times(writeRatio)}`,
  options: {
    scenarios: { load: { executor: "per-vu-iterations", vus, iterations: 1, maxDuration: "30m" } },
  },
});

export { handleSummary, options, setup };

function times(ratio: number | undefined): string {
  return `${ratio?.toFixed(2) ?? "?"}×`;
}

function record(responses: Record<Kind, AppResponse>): void {
  for (const kind of kinds) if (responses[kind].ok) durations[kind].add(responses[kind].ms);
  for (const kind of ["read", "write"] as const) {
    const described = /desc="(\d+) [^"]*trips?"/.exec(responses[kind].header("server-timing"))?.[1];
    if (described) roundTrips[kind].add(Number(described));
  }
}

/** Several VUs measure, so only k6's aggregates have the figures. */
function figuresOf({ metrics }: SummaryData): Figures<CostFigure> {
  const figures: Figures<CostFigure> = {};
  const values = (name: string) => metrics[name]?.values ?? {};
  for (const kind of kinds) {
    const { med, "p(95)": p95, "p(99)": p99 } = values(`${kind}_duration`);
    Object.assign(figures, { [`${kind}P50Ms`]: med, [`${kind}P95Ms`]: p95, [`${kind}P99Ms`]: p99 });
  }
  const plain = figures.plainP50Ms;
  for (const kind of ["read", "write"] as const) {
    const p50 = figures[`${kind}P50Ms`];
    if (p50 !== undefined && plain) figures[`${kind}Ratio`] = p50 / plain;
    const { avg } = values(`${kind}_round_trips`);
    if (avg !== undefined) figures[`${kind}RoundTrips`] = avg;
  }
  figures.rounds = values("plain_duration").count;
  return figures;
}

/** Without a route that touches no session: a request without a cookie. */
function baseline(visitor: Visitor): Promise<AppResponse> {
  const { baseline: route } = routes();
  return route === "/api/plain" ? visitor.send("GET", route) : send("GET", route);
}

export default play(async ([visitor]) => {
  if (!visitor) return {};
  const began = Date.now();
  const took = () => Date.now() - began;
  let failed = 0;
  let sent = 0;
  let counted = 0;
  // On a slow machine the first round may take longer than the whole run; one round must count anyway.
  while (counted === 0 || took() < WARM_UP_MS + seconds * 1000) {
    const warm = took() > WARM_UP_MS;
    const plain = await baseline(visitor);
    const read = await visitor.send("GET", "/api/session");
    const write = await visitor.send("POST", "/api/session", { body: "{}" });
    if (warm) {
      record({ plain, read, write });
      counted++;
    }
    sent += 3;
    failed += [plain, read, write].filter(({ ok }) => !ok).length;
  }
  observe(failed <= sent / 100);
  return {};
});
