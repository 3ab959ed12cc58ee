import { Gauge } from "k6/metrics";
import type { SummaryData } from "./facts.ts";

/** What was not measured is left out. */
export type Figures<Figure extends string> = Partial<Record<Figure, number>>;

/** A script's own figures travel from the VU to the summary as gauges: `figure_journeysBroken`. */
export function figureMetrics<Figure extends string>(names: readonly Figure[]) {
  const gauges = names.map((name) => ({ name, gauge: new Gauge(`figure_${name}`) }));
  return {
    set(figures: Figures<Figure>): void {
      for (const { name, gauge } of gauges)
        if (figures[name] !== undefined) gauge.add(figures[name]);
    },
    read({ metrics }: SummaryData): Figures<Figure> {
      const read = gauges.map(({ name }) => [name, metrics[`figure_${name}`]?.values.value]);
      return Object.fromEntries(read.filter(([, value]) => value !== undefined));
    },
  };
}
