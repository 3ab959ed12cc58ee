import { existsSync } from "node:fs";
import { checkHistory, type Rule, readHistory, rulesOfTraits } from "@repo/history";
import { ANSWER_WITHIN_MS } from "@repo/load/limits";
import type { HistoryResult } from "@repo/report/results";
import type { Column } from "./columns.ts";

/** How many violations of each invariant go into the results, with their witnesses. */
const EXAMPLES = 2;

/** Decides which invariants the history of one scenario obeys; `null` where nothing was recorded. */
export async function checkRecorded(file: string, column: Column): Promise<HistoryResult | null> {
  if (!existsSync(file)) return null;
  const lines = await readHistory([file]);
  if (lines.length === 0) return null;
  const promises = column.traits ? rulesOfTraits(column.traits) : new Set<Rule>();
  const report = checkHistory(lines, { promises, examples: EXAMPLES, limitMs: ANSWER_WITHIN_MS });
  const faults: Record<string, number> = {};
  for (const { fault } of lines)
    if (fault && fault !== "stall") faults[fault] = (faults[fault] ?? 0) + 1;
  return {
    operations: report.operations,
    unsure: report.unsure,
    faults,
    invariants: report.invariants.map(({ examples, checked, ...one }) => ({
      ...one,
      ...(examples.length > 0 ? { examples } : {}),
    })),
  };
}

/** What broke although the app's traits promise it, in a sentence. */
export function brokenPromises(history: HistoryResult): string | undefined {
  const broken = history.invariants.filter((one) => one.broken > 0);
  if (broken.length === 0) return undefined;
  const [first] = broken.flatMap(({ examples = [] }) => examples);
  const names = broken.map(({ invariant, title }) => `${invariant} (${title.toLowerCase()})`);
  return `The history breaks invariant ${names.join(", ")}. ${first?.message ?? ""}`.trim();
}
