/** What a visitor asked for. README.md says which request each of them is. */
export const OPERATION_KINDS = [
  "read",
  "page",
  "auth-read",
  "visit",
  "note",
  "sign-in",
  "sign-out",
  "regenerate",
  "list",
  "end",
  "end-others",
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** What was done to the app meanwhile. */
export const FAULT_KINDS = [
  "kill",
  "restart",
  "deploy",
  "scale",
  "freeze",
  "store-restart",
  "store-full",
  "store-freeze",
  "store-slow",
  "store-cut",
  "clock-skew",
  "stall",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One line of a history. Times are milliseconds since 1970 on the clock of the runner. */
export interface Operation {
  op: OperationKind | "fault";
  /** The k6 process, or whatever sends the requests. Two runners have two clocks. */
  runner: string;
  /** One browser, with one cookie jar. Two runners may number their visitors alike. */
  visitor: string;
  tab: string;
  start: number;
  /** null where no answer came, or where a fault lasts to the end of the history. */
  end: number | null;
  /**
   * The fingerprint of the session whose cookie the request carried; null where it carried none, absent where the
   * recorder does not know which session the cookie is of.
   */
  brought?: string | null;
  /** The fingerprint of the session in the answer; null where the answer has none. */
  received: string | null;
  /** The count in the answer, for a visit after its own increment; null where the answer has none. */
  visits: number | null;
  /** Who is signed in by the answer; for a sign-in, as whom. */
  user: string | null;
  /** Absent where the recorder does not say; null where the session has no note. For a `note`, what was written. */
  note?: string | null;
  /** For a `list`: the fingerprints in the answer. For an `end`: the one that was to be ended. */
  sessions?: readonly string[];
  /** HTTP; 0 where no answer came. */
  status: number;
  /** Who answered; for a fault, the dyno it hit (null: not a dyno, or all of them). */
  dyno: string | null;
  bootId: string | null;
  /** When the session ends by the answer, in milliseconds since 1970. */
  expiresAt?: number | null;
  /** The cookie was a copy kept elsewhere, not the one in the visitor's jar. */
  copy?: boolean;
  /** For `op: "fault"`. */
  fault?: FaultKind;
  /** For the fault `clock-skew`: by how many milliseconds the dyno's clock is ahead; below 0: behind. */
  skewMs?: number;
}

/**
 * `ok`: it happened between start and end. `failed`: a 4xx; it did not happen. `info`: a 5xx or no answer; it may
 * have happened at any time after its start, also after the client gave up, or never.
 */
export type Outcome = "ok" | "failed" | "info";

export function outcomeOf({ status, end }: Operation): Outcome {
  if (status === 0 || status >= 500 || end === null) return "info";
  return status >= 400 ? "failed" : "ok";
}
