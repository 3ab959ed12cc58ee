import { entry, foundCount, isVisit, type Lineage, type Step } from "../sessions.ts";
import { Views } from "../sweep.ts";
import type { Context, Invariant } from "./invariant.ts";

interface Highest {
  read: Step | null;
  written: Step | null;
}

/** 2 and 3, for the count: what a read showed, and what a visit was told, is seen by everything that starts later. */
export function order({ findings }: Context): Invariant {
  const lineages = new Map<Lineage, Views<Highest>>();

  const higher = (known: Step | null, step: Step) =>
    known === null || (step.op.visits ?? 0) > (known.op.visits ?? 0) ? step : known;

  return {
    start(step) {
      const found = foundCount(step.op);
      if (step.outcome !== "ok" || step.received === null || found === null) return;
      const views = lineages.get(step.received.lineage)?.seenBy(step.op.runner) ?? [];
      const goesBehind = (known: Step | null) => known !== null && (known.op.visits ?? 0) > found;
      if (views.some(({ read }) => read)) findings.check(2);
      if (views.some(({ written }) => written)) findings.check(3);
      const written = views.map((view) => view.written).find(goesBehind);
      const read = views.map((view) => view.read).find(goesBehind);
      const between = (known: Step) =>
        known.received === step.received ? null : step.received?.madeBy;
      if (written)
        findings.violate(
          "seen",
          `A visit was told ${written.op.visits}, and a later operation found ${found}.`,
          [written, between(written), step],
        );
      if (read)
        findings.violate("never-back", `The count went back from ${read.op.visits} to ${found}.`, [
          read,
          between(read),
          step,
        ]);
      return undefined;
    },
    learn(step, runner) {
      const { op, received } = step;
      if (received === null || op.visits === null) return;
      const known = entry(
        lineages,
        received.lineage,
        () => new Views<Highest>(() => ({ read: null, written: null })),
      ).of(runner);
      if (isVisit(step)) known.written = higher(known.written, step);
      else known.read = higher(known.read, step);
    },
  };
}
