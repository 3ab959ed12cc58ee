import type { Results } from "./results.ts";
import { contradictions, unanswered } from "./table.ts";

/**
 * 0: every verdict is what the declared traits promise. 1: a measurement contradicts one. 2: something could
 * not be measured, for a reason that no expectation foresees.
 */
export function exitCode(results: Results): 0 | 1 | 2 {
  if (contradictions(results).length > 0) return 1;
  if (unanswered(results).length > 0) return 2;
  const measured = results.apps.some((app) => Object.keys(app.scenarios).length > 0);
  const failed = results.apps.some((app) => app.error !== undefined);
  return measured && !failed ? 0 : 2;
}
