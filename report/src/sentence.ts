import type { Scenario } from "@repo/load/scenarios";
import type { Verdict } from "@repo/load/verdict";
import type { AppResult } from "./results.ts";

/** Scenarios that sessions survive or not, and what they survive. */
const trials: [scenario: Scenario, trial: string][] = [
  ["continuity", "repeated visits"],
  ["sign-in", "sign-in"],
  ["restart", "a dyno restart"],
  ["scale", "scaling"],
  ["deploy", "deploys"],
  ["store-restart", "a store restart"],
  ["full-store", "a full store"],
];

/** Scenarios that have a clause of the sentence each. */
const clauses: [scenario: Scenario, clause: Partial<Record<Verdict, string>>][] = [
  ["sign-out", { works: "sign-out is final", breaks: "a copied cookie outlives sign-out" }],
  [
    "end-others",
    { works: "all other sessions can be ended", breaks: "other sessions cannot be ended" },
  ],
  ["skew", { breaks: "a page from before a deploy stops working" }],
  ["parallel", { works: "all parallel writes count", breaks: "parallel writes get lost" }],
  ["faults", { works: "none of the faults that came broke an invariant" }],
  ["size", { breaks: "a session holds less than declared" }],
  ["isolation", { breaks: "visitors saw other visitors' sessions" }],
];

/** One sentence about an app, made of its verdicts and figures alone. */
export function sentenceOf(app: AppResult): string {
  const parts = [
    survival(app),
    ...clauses.map(([scenario, clause]) => {
      const verdict = app.scenarios[scenario]?.verdict;
      return verdict && clause[verdict];
    }),
    sizeOf(app),
    costOf(app),
  ].filter((part) => part !== undefined);
  if (parts.length > 0) return `${capitalize(parts.join("; "))}.`;
  if (Object.values(app.scenarios).some(({ verdict }) => verdict !== "not tested"))
    return "The table has the verdicts.";
  const [error] = app.error?.split("\n") ?? [];
  const reason = error ?? Object.values(app.scenarios).find((result) => result.reason)?.reason;
  return `Nothing was measured${reason ? `: ${reason.replace(/\.$/, "")}` : ""}.`;
}

function survival(app: AppResult): string | undefined {
  const trialsWith = (verdict: Verdict) =>
    trials
      .filter(([scenario]) => app.scenarios[scenario]?.verdict === verdict)
      .map(([, trial]) => trial);
  const survived = list(trialsWith("works"), "and");
  const failed = list(trialsWith("breaks"), "or");
  const router = app.affinity ? "with session affinity, " : "";
  if (survived) return `${router}sessions survive ${survived}${failed && `, but not ${failed}`}`;
  if (failed) return `${router}sessions do not survive ${failed}`;
}

function sizeOf({ scenarios: { size } }: AppResult): string | undefined {
  const bytes = size?.figures.bytesKept;
  if (size?.verdict !== "works" || bytes === undefined) return undefined;
  return `a session holds ${bytes.toLocaleString("en-US")} bytes`;
}

function costOf({ scenarios: { cost } }: AppResult): string | undefined {
  const { readRatio, writeRatio } = cost?.figures ?? {};
  if (readRatio === undefined || writeRatio === undefined) return undefined;
  const times = (ratio: number) => `${ratio.toFixed(1)} ×`;
  return `a read takes ${times(readRatio)} and a write ${times(writeRatio)} the time of a request without a session`;
}

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "a, b and c". */
function list(items: string[], conjunction: "and" | "or"): string {
  const last = items.at(-1) ?? "";
  if (items.length < 2) return last;
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
