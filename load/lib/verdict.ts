import type { Verdict } from "./result.ts";

export interface Tally {
  yes: number;
  no: number;
}

/** All that a verdict rests on. A VU has it in memory; a summary has it from k6's metrics. */
export interface Facts {
  /** Why the app could not be asked at all. */
  problem?: string;
  /** The journeys came to their end: k6 was neither stopped nor killed. */
  finished: boolean;
  /** The event that could not be made to happen. */
  eventFailed?: string;
  /** Visitors whom nothing answered after an event. */
  unanswered: number;
  dynosAtOnce: number;
  dynosNeeded: number;
  /** The same observations as `held`, made before the event that is asked about. */
  before: Tally;
  /** Observations that answer the question: yes, it held; no, it broke. */
  held: Tally;
  /** Requests: answered as they should be, or not. */
  answered: Tally;
  /** Below this share of answered requests nothing can be said about sessions. 0 where an event is to blame. */
  answeredNeeded: number;
}

/** `works` is never said for want of evidence: whatever keeps a question from being asked is `not tested`. */
export function judge(facts: Facts): { verdict: Verdict; reason?: string } {
  const reason = whyNotTested(facts);
  if (reason) return { verdict: "not tested", reason };
  return { verdict: facts.held.no > 0 ? "breaks" : "works" };
}

function whyNotTested(facts: Facts): string | undefined {
  const { answered, before, held } = facts;
  if (facts.problem) return facts.problem;
  if (!facts.finished) return "the run ended before the question was answered";
  if (facts.eventFailed) return `the event ${facts.eventFailed} failed`;
  if (facts.unanswered > 0) return `${facts.unanswered} visitors had no answer after the event`;
  const requests = answered.yes + answered.no;
  if (share(answered) < facts.answeredNeeded)
    return `${answered.no} of ${requests} requests were not answered`;
  if (before.no > 0) return "sessions are not shared between dynos";
  if (facts.dynosAtOnce < facts.dynosNeeded)
    return facts.dynosAtOnce === 1
      ? "one dyno only"
      : `${facts.dynosAtOnce} dynos at one time, ${facts.dynosNeeded} needed`;
  if (held.yes + held.no === 0) return "no request could tell";
}

/** The share of yes, 0 to 1; 0 where nothing was counted. */
export function share({ yes, no }: Tally): number {
  return yes + no === 0 ? 0 : yes / (yes + no);
}
