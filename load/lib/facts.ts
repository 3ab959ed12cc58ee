import { eventNames } from "./events-by-hand.ts";
import type { Facts, Tally } from "./verdict.ts";

/** What k6 hands to `handleSummary`, as far as it is read here. */
export interface SummaryData {
  metrics: Record<string, { values: Record<string, number> } | undefined>;
  setup_data?: { app?: string; problem?: string } | null;
}

/** How much evidence a verdict needs. */
export type Needed = Pick<Facts, "dynosNeeded" | "answeredNeeded">;

/** The facts as k6's aggregates have them: the same for a live run and for a recorded summary. */
export function factsOf(
  { metrics, setup_data: checked }: SummaryData,
  { dynosNeeded, answeredNeeded }: Needed,
): Facts {
  const tally = (name: string): Tally => {
    const values = metrics[name]?.values;
    return { yes: values?.passes ?? 0, no: values?.fails ?? 0 };
  };
  return {
    dynosNeeded,
    answeredNeeded,
    problem: checked ? checked.problem : "the app was not reached",
    finished: (metrics.finished?.values.count ?? 0) > 0,
    eventFailed: eventNames[metrics.event_failed?.values.value ?? -1],
    unanswered: metrics.visitors_unanswered?.values.count ?? 0,
    dynosAtOnce: metrics.dynos_at_once?.values.max ?? 0,
    before: tally("held_before"),
    held: tally("held"),
    answered: tally("answered"),
  };
}
