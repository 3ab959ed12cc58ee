export const verdicts = ["works", "breaks", "not tested"] as const;
export type Verdict = (typeof verdicts)[number];

export interface Tally {
  yes: number;
  no: number;
}

/** Everything a verdict rests on. A VU has it in memory; a summary reads it from k6's metrics. */
export interface Facts {
  /** Why the app could not be measured at all. */
  problem?: string;
  /** The journeys came to their end: k6 was neither stopped nor killed. */
  finished: boolean;
  /** The event that could not be triggered. */
  eventFailed?: string;
  /** What failed most often: "GET /api/plain answered 404 (160 times)". */
  failure?: string | undefined;
  /** Visitors who got no answer after an event. */
  unanswered: number;
  dynosAtOnce: number;
  dynosNeeded: number;
  /** The same observations as `held`, made before the event. */
  before: Tally;
  /** Observations that decide the question: yes, it held; no, it broke. */
  held: Tally;
  /** Requests that the app answered as it should, or not. */
  answered: Tally;
  /** The share of answered requests, 0 to 1, below which the run says nothing about sessions. 0 if an event may cause failures. */
  answeredNeeded: number;
}

/** Anything that keeps a question from being answered is `not tested`: no evidence never means `works`. */
export function judge(facts: Facts): { verdict: Verdict; reason?: string } {
  const reason = whyNotTested(facts);
  if (reason) return { verdict: "not tested", reason };
  return { verdict: facts.held.no > 0 ? "breaks" : "works" };
}

function whyNotTested(facts: Facts): string | undefined {
  const { answered, before, held, failure } = facts;
  const most = failure ? `: ${failure}` : "";
  if (facts.problem) return facts.problem;
  if (!facts.finished) return "the run ended before the question was answered";
  if (facts.eventFailed) return `the event ${facts.eventFailed} failed`;
  if (facts.unanswered > 0)
    return `${facts.unanswered} visitors had no answer after the event${most}`;
  const requests = answered.yes + answered.no;
  if (share(answered) < facts.answeredNeeded)
    return failure ?? `${answered.no} of ${requests} requests were not answered`;
  if (before.no > 0) return "sessions are not shared between dynos";
  if (facts.dynosAtOnce === 0)
    return "no answer names its dyno (x-dyno), so the number of dynos is unknown";
  if (facts.dynosAtOnce < facts.dynosNeeded)
    return facts.dynosAtOnce === 1
      ? "one dyno only"
      : `${facts.dynosAtOnce} dynos at one time, ${facts.dynosNeeded} needed`;
  if (held.yes + held.no === 0) return "no request could tell";
}

/** The share of yes, 0 to 1; 0 if nothing was counted. */
export function share({ yes, no }: Tally): number {
  return yes + no === 0 ? 0 : yes / (yes + no);
}

/** k6 exits with 0 when these thresholds hold. They repeat `judge` for the expected verdict. */
export function thresholds(expected: Verdict): Record<string, string[]> {
  // k6 passes a rate that has no samples, but not a counter, so a run that ends early fails here.
  const finished = ["count>0"];
  if (expected === "not tested") return { finished, conclusive: ["rate==0"] };
  return {
    finished,
    conclusive: ["rate>0"],
    held: [expected === "works" ? "rate==1" : "rate<1"],
  };
}
