// What does a session cost?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/cost.ts
//
// Several visitors at the same time send, in turn, a request without a session, one that reads the session and
// one that writes it, so that all three meet the same machine at the same moment. Times depend on the machine;
// their ratio to the request without a session says more.
//   VUS      visitors at the same time (8)
//   SECONDS  how long to measure, after half a second of warm-up (5)
//   EVENTS   an address that triggers events: then also with 1 and 5 ms more for each round trip to the store, for half
//            as long each, because a store on this machine is nearer than any on a platform
import { Trend } from "k6/metrics";
import { createScenario } from "./lib/create-scenario.ts";
import { canTrigger, trigger } from "./lib/events/events.ts";
import { observe } from "./lib/evidence.ts";
import { eventsUrl, numberOption } from "./lib/options.ts";
import type { Figures, SummaryData } from "./lib/summary.ts";
import { send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import type { AppResponse, Visitor } from "./lib/visitors/types.ts";

const vus = numberOption("VUS", 8);
const seconds = numberOption("SECONDS", 5);
const WARM_UP_MS = 500;
const REQUESTS_TO_MEET_DYNOS = 8;

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

/** Milliseconds more for each round trip to the store. */
const ADDED_MS = [1, 5] as const;
type Added = (typeof ADDED_MS)[number];

const durationsFarther = {
  1: {
    plain: new Trend("plain_1", true),
    read: new Trend("read_1", true),
    write: new Trend("write_1", true),
  },
  5: {
    plain: new Trend("plain_5", true),
    read: new Trend("read_5", true),
    write: new Trend("write_5", true),
  },
};

type CostFigure =
  | `${Kind}${"P50Ms" | "P95Ms" | "P99Ms" | "Ratio" | "RoundTrips"}`
  | `${"read" | "write"}${"P50Ms" | "Ratio"}Plus${Added}Ms`
  | "rounds";

const { options, setup, play, handleSummary } = createScenario({
  name: "cost",
  visitors: 1, // in each VU
  figures: [
    ...kinds.flatMap((kind) => [`${kind}P50Ms`, `${kind}P95Ms`, `${kind}P99Ms`] as const),
    "readRatio",
    "writeRatio",
    "readRoundTrips",
    "writeRoundTrips",
    ...ADDED_MS.flatMap((added) =>
      (["read", "write"] as const).flatMap(
        (kind) => [`${kind}P50MsPlus${added}Ms`, `${kind}RatioPlus${added}Ms`] as const,
      ),
    ),
    "rounds",
  ],
  fromAggregates: figuresOf,
  headline: ({ readRatio, writeRatio, readRatioPlus5Ms, writeRatioPlus5Ms }) =>
    `a read takes ${times(readRatio)}, a write ${times(writeRatio)}${readRatioPlus5Ms ? `; with 5 ms to the store ${times(readRatioPlus5Ms)}, ${times(writeRatioPlus5Ms)}` : ""}`,
  options: {
    scenarios: { load: { executor: "per-vu-iterations", vus, iterations: 1, maxDuration: "30m" } },
  },
});

export { handleSummary, options, setup };

function times(ratio: number | undefined): string {
  return `${ratio?.toFixed(1) ?? "?"} ×`;
}

function record(responses: Record<Kind, AppResponse>, added: Added | 0): void {
  if (added !== 0) {
    for (const kind of kinds)
      if (responses[kind].ok) durationsFarther[added][kind].add(responses[kind].ms);
    return;
  }
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
  for (const added of ADDED_MS) {
    const farPlain = values(`plain_${added}`).med;
    for (const kind of ["read", "write"] as const) {
      const p50 = values(`${kind}_${added}`).med;
      if (p50 === undefined || !farPlain) continue;
      figures[`${kind}P50MsPlus${added}Ms`] = p50;
      figures[`${kind}RatioPlus${added}Ms`] = p50 / farPlain;
    }
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
  let failed = 0;
  let sent = 0;

  async function measure(added: Added | 0, forSeconds: number): Promise<void> {
    const began = Date.now();
    const took = () => Date.now() - began;
    let counted = 0;
    // On a slow machine the first round may take longer than the whole run; one round must count anyway.
    while (counted === 0 || took() < WARM_UP_MS + forSeconds * 1000) {
      const warm = took() > WARM_UP_MS;
      const plain = await baseline(visitor as Visitor);
      const read = await (visitor as Visitor).send("GET", "/api/session");
      const write = await (visitor as Visitor).send("POST", "/api/session", { body: "{}" });
      if (warm) {
        record({ plain, read, write }, added);
        counted++;
      }
      sent += 3;
      failed += [plain, read, write].filter(({ ok }) => !ok).length;
    }
  }

  // With affinity each visitor meets one dyno; these show whether others serve too.
  for (let request = 0; request < REQUESTS_TO_MEET_DYNOS; request++)
    await send("GET", routes().baseline);
  await measure(0, seconds);
  if (eventsUrl && canTrigger("store-slow-1")) {
    for (const added of ADDED_MS) {
      // All visitors begin within the warm-up of the first, who is the one that triggers.
      if (__VU === 1) await trigger(`store-slow-${added}`);
      await measure(added, seconds / 2);
    }
    if (__VU === 1) await trigger("store-mend");
  }
  observe(failed <= sent / 100);
  return {};
});
