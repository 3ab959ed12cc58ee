import { Trend } from "k6/metrics";
import type { SummaryData } from "./facts.ts";
import type { Answer } from "./http.ts";
import type { Figures } from "./question.ts";

const kinds = ["plain", "read", "write"] as const;
type Kind = (typeof kinds)[number];

const durations = {
  plain: new Trend("plain_duration", true),
  read: new Trend("read_duration", true),
  write: new Trend("write_duration", true),
};
const trips = {
  read: new Trend("read_store_trips"),
  write: new Trend("write_store_trips"),
};

type CostFigure = `${Kind}${"P50Ms" | "P95Ms" | "P99Ms" | "Ratio" | "StoreTrips"}` | "rounds";

export const costFigures = [
  ...kinds.flatMap((kind) => [`${kind}P50Ms`, `${kind}P95Ms`, `${kind}P99Ms`] as const),
  "readRatio",
  "writeRatio",
  "readStoreTrips",
  "writeStoreTrips",
  "rounds",
] as const satisfies CostFigure[];

export function recordCost(answers: Record<Kind, Answer>): void {
  for (const kind of kinds) if (answers[kind].ok) durations[kind].add(answers[kind].ms);
  for (const kind of ["read", "write"] as const) {
    const described = /desc="(\d+) trips?"/.exec(answers[kind].header("server-timing"))?.[1];
    if (described) trips[kind].add(Number(described));
  }
}

/** The figures out of k6's aggregates, because several VUs measured them. */
export function costOf({ metrics }: SummaryData): Figures<CostFigure> {
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
    const { avg } = values(`${kind}_store_trips`);
    if (avg !== undefined) figures[`${kind}StoreTrips`] = avg;
  }
  figures.rounds = values("plain_duration").count;
  return figures;
}

export function costHeadline({ readRatio, writeRatio }: Figures<CostFigure>): string {
  const times = (ratio: number | undefined) => `${ratio?.toFixed(2) ?? "?"}×`;
  return `read ${times(readRatio)}, write ${times(writeRatio)}`;
}
