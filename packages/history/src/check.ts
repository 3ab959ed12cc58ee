import { counts } from "./invariants/counts.ts";
import { ended } from "./invariants/ended.ts";
import { expiry } from "./invariants/expiry.ts";
import type { Context, Invariant } from "./invariants/invariant.ts";
import { kept } from "./invariants/kept.ts";
import { listed } from "./invariants/listed.ts";
import { moved } from "./invariants/moved.ts";
import { notes } from "./invariants/notes.ts";
import { order } from "./invariants/order.ts";
import { privacy } from "./invariants/privacy.ts";
import { time } from "./invariants/time.ts";
import { meet } from "./meet.ts";
import { followData } from "./moves.ts";
import type { Operation } from "./operation.ts";
import { everyRule, type Rule } from "./promises.ts";
import { createFindings, type Report } from "./report.ts";
import type { Step } from "./sessions.ts";
import { sweep } from "./sweep.ts";

export interface CheckOptions {
  /** What has to hold: `rulesOfTraits(traits)` or `rulesOfInvariants([1, 4])`. Everything by default. */
  promises?: ReadonlySet<Rule>;
  /** By how many milliseconds the clocks of two runners may differ. 0 by default. */
  clockErrorMs?: number;
  /** By how many milliseconds a session may end early or late; a recorded clock skew is added. 1,000 by default. */
  skewMs?: number;
  /** Within how many milliseconds every answer comes. 4,000 by default. */
  limitMs?: number;
  /** How many violations of each invariant are reported with their witnesses. 5 by default. */
  examples?: number;
}

/** A session request ends within 3 s for the store plus 1 s, whatever queue stood before it. */
export const DEFAULT_LIMIT_MS = 4_000;
export const DEFAULT_SKEW_MS = 1_000;

// A look into somebody else's session, or into one that was ended, says nothing about the visitor's own: first come
// the invariants that stop the rest.
const INVARIANTS = [privacy, ended, kept, expiry, moved, order, notes, counts, time, listed];

/**
 * Decides which invariants a history obeys.
 * @param operations in any order; not changed
 */
export function checkHistory(operations: readonly Operation[], options: CheckOptions = {}): Report {
  const { promises = everyRule, clockErrorMs = 0, examples = 5 } = options;
  const people = meet(operations, clockErrorMs);
  const findings = createFindings(promises, examples);
  const context: Context = {
    people,
    moves: followData(people, clockErrorMs),
    findings,
    clockErrorMs,
    // a session that was used on a dyno with a wrong clock ends as much earlier or later
    skewMs:
      (options.skewMs ?? DEFAULT_SKEW_MS) +
      people.faults.reduce((most, { skewMs = 0 }) => Math.max(most, Math.abs(skewMs)), 0),
    limitMs: options.limitMs ?? DEFAULT_LIMIT_MS,
    shortestMs: people.steps.reduce(
      (least, { op }) => (op.expiresAt ? Math.min(least, op.expiresAt - op.start) : least),
      Number.POSITIVE_INFINITY,
    ),
    lost: new Set(),
  };
  const invariants: Invariant[] = INVARIANTS.map((create) => create(context));
  const aside = new Set<Step>();

  sweep(people.steps, clockErrorMs, {
    start(step) {
      for (const invariant of invariants)
        if (invariant.start?.(step) === "set aside") {
          aside.add(step);
          break;
        }
    },
    learn(step, runner) {
      if (aside.has(step)) return;
      for (const invariant of invariants) invariant.learn?.(step, runner);
    },
  });
  for (const invariant of invariants) invariant.done?.();

  const reports = findings.invariants();
  const count = (outcome: Step["outcome"]) =>
    people.steps.reduce((sum, step) => sum + (step.outcome === outcome ? 1 : 0), 0);
  return {
    ok: reports.every(({ broken }) => broken === 0),
    runners: new Set(people.steps.map(({ op }) => op.runner)).size,
    visitors: people.visitors,
    sessions: people.sessions.size,
    operations: people.steps.length,
    acknowledged: count("ok"),
    unsure: count("info"),
    refused: count("failed"),
    faults: people.faults.filter(({ fault }) => fault !== "stall").length,
    invariants: reports,
  };
}
