/** The scenarios, in the order in which a reader asks: one k6 script each, of the same name. */
export const scenarios = [
  "spread",
  "continuity",
  "sign-in",
  "isolation",
  "restart",
  "scale",
  "deploy",
  "sign-out",
  "parallel",
  "size",
  "store-restart",
  "cost",
] as const;

export type Scenario = (typeof scenarios)[number];
export type Verdict = "works" | "breaks" | "not tested";
export const verdicts: readonly Verdict[] = ["works", "breaks", "not tested"];

/** What a script writes to `-e SUMMARY=file.json`. */
export interface Summary {
  schema: 1;
  scenario: Scenario;
  question: string;
  /** What the app calls itself; "" where it did not answer. */
  app: string;
  baseUrl: string;
  verdict: Verdict;
  /** Why it is `not tested`. */
  reason?: string;
  expected: Verdict;
  /** The same as k6's exit code 0. */
  asExpected: boolean;
  /** How many dynos were seen serving at one time. */
  dynosSeen: number;
  /** The router keeps each visitor on one dyno (a cookie shows it, or the answers): that hides what is being asked. */
  affinity: boolean;
  requests: number;
  failedRequests: number;
  /** Shares are between 0 and 1, times in milliseconds unless the name says otherwise. */
  figures: Record<string, number>;
  /** The figure that says most, short enough for a table's cell. */
  headline: string;
}
