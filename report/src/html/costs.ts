import type { Results } from "../results.ts";

export type Kind = "plain" | "read" | "write";

/** One bar of the chart: how long one kind of request took, in milliseconds. */
export interface Cost {
  kind: Kind;
  label: string;
  p50: number;
  p95: number;
  p99: number;
  /** Of the medians: this kind to plain. */
  ratio: number;
  /** null where there is no store to go to. */
  trips: number | null;
}

export interface AppCosts {
  app: string;
  kinds: Cost[];
}

const kinds: [kind: Kind, label: string][] = [
  ["plain", "no session"],
  ["read", "read"],
  ["write", "write"],
];

/** The figures of `cost`, for each app that has them all. */
export function costsOf({ apps }: Results): AppCosts[] {
  return apps.flatMap(({ name, scenarios }) => {
    const figures = scenarios.cost?.figures ?? {};
    const number = (figure: string) => {
      const value = figures[figure];
      return typeof value === "number" ? value : Number.NaN;
    };
    const measured = kinds.map(([kind, label]) => ({
      kind,
      label,
      p50: number(`${kind}P50Ms`),
      p95: number(`${kind}P95Ms`),
      p99: number(`${kind}P99Ms`),
      ratio: number(`${kind}P50Ms`) / number("plainP50Ms"),
      trips: kind === "plain" ? null : number(`${kind}StoreTrips`) || null,
    }));
    return measured.some(({ p99 }) => Number.isNaN(p99)) ? [] : [{ app: name, kinds: measured }];
  });
}
