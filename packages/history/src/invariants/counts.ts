import { entry, isVisit, type Lineage, type Step, type Visitor } from "../sessions.ts";
import type { Context, Invariant } from "./invariant.ts";

interface Tally {
  /** Visits that were sent and may have counted, acknowledged or not. */
  sent: number;
  acknowledged: Step[];
  /** The answer with a count whose operation started last. */
  last: Step | null;
}

/**
 * 1: no two acknowledged visits got the same number, no count exceeds what was sent, and the final count is at least
 * what was acknowledged.
 */
export function counts({ findings, clockErrorMs, lost }: Context): Invariant {
  const tallies = new Map<Lineage, Tally>();
  /** Unsure visits that may have counted in any session of their visitor. */
  const unknown = new Map<Visitor, number>();
  const tallyOf = (lineage: Lineage) =>
    entry(tallies, lineage, () => ({ sent: 0, acknowledged: [], last: null }));

  function repeated({ acknowledged }: Tally): number {
    let times = 0;
    acknowledged.sort((a, b) => (a.op.visits ?? 0) - (b.op.visits ?? 0));
    for (let index = 1; index < acknowledged.length; index++) {
      const [one, two] = acknowledged.slice(index - 1, index + 1) as [Step, Step];
      if (one.op.visits !== two.op.visits) continue;
      times += 1;
      const move = one.received === two.received ? null : two.received?.madeBy;
      findings.violate(
        "counted-once",
        `Two visits were acknowledged with the same number, ${one.op.visits}.`,
        [one, move, two],
      );
    }
    return times;
  }

  return {
    start(step) {
      const { op, outcome, visitor, brought, received } = step;
      const session = outcome === "ok" ? received : brought;
      if (outcome === "info" && op.brought === undefined && isVisit(step))
        unknown.set(visitor, (unknown.get(visitor) ?? 0) + 1);
      if (session === null || outcome === "failed") return;
      if (isVisit(step)) tallyOf(session.lineage).sent += 1;
      if (outcome === "ok" && op.visits !== null) tallyOf(session.lineage).last = step;
      return undefined;
    },
    learn(step, runner) {
      const { op, visitor, received } = step;
      if (runner !== null || received === null || op.visits === null) return;
      const tally = tallyOf(received.lineage);
      const { base } = received.lineage;
      const most = (base ?? Number.POSITIVE_INFINITY) + tally.sent + (unknown.get(visitor) ?? 0);
      if (op.visits > most)
        findings.violate(
          "counted-once",
          `The count is ${op.visits}, where ${most} visits had been sent at most.`,
          [tally.acknowledged.at(-1), step],
        );
      if (!isVisit(step)) return;
      findings.check(1);
      tally.acknowledged.push(step);
    },
    done() {
      for (const [lineage, tally] of tallies) {
        const { acknowledged, last } = tally;
        const times = repeated(tally);
        const { base } = lineage;
        if (base === null || last?.op.visits == null || lost.has(lineage)) continue;
        const isFinal = acknowledged.every(
          ({ op }) => op === last.op || (op.end ?? 0) + clockErrorMs < last.op.start,
        );
        const uncounted = base + acknowledged.length - last.op.visits;
        if (!isFinal || uncounted <= times) continue;
        const highest = acknowledged.at(-1);
        const move = highest?.received === last.received ? null : last.received?.madeBy;
        findings.violate(
          "counted-once",
          `${base + acknowledged.length} visits were acknowledged, and the final count is ${last.op.visits}.`,
          [highest, move, last],
        );
      }
    },
  };
}
