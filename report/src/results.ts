import type { Verdict } from "@repo/load/lib/result.ts";
import type { Traits } from "@repo/registry/traits";

export type { Traits, Verdict };

/** `results.json`, as `bin/compare` writes it. The words here are documented in `results.schema.json`. */
export interface Results {
  schema: 1;
  /** ISO 8601. */
  startedAt: string;
  /** How long the measuring took, without set-up and build. */
  seconds: number;
  /** false when it was stopped before everything that was asked for had been measured. */
  complete: boolean;
  /** Web dynos of each app; null where deployed apps were measured. */
  dynos: number | null;
  /** What was typed, so that it can be typed again. */
  command: string;
  versions: Record<string, string>;
  machine: Machine;
  apps: AppResult[];
}

export interface Machine {
  cores: number;
  memoryBytes: number;
  cpu: string;
  os: string;
}

export interface AppResult {
  /** The column: `db-app`, `cache-app:redis`, `file-app:affinity`. */
  name: string;
  /** The title of the strategy: `Database`. */
  strategy: string;
  /** The session store this column ran on, for instance `memcachier`; null where there is none. */
  store: string | null;
  /** Whether the router was told to stick each visitor to one dyno. */
  affinity: boolean;
  /** Where a deployed app was measured. */
  url?: string;
  /** null for a deployed app of which nobody declared any. */
  traits: Traits | null;
  seconds: number;
  /** Why nothing, or not everything, could be measured. */
  error?: string;
  scenarios: Record<string, ScenarioResult>;
}

export interface ScenarioResult {
  question: string;
  verdict: Verdict;
  /** What the app's traits promise; null where they say nothing. */
  expected: Verdict | null;
  asExpected: boolean;
  /** A few words for a table cell: "34 % found". */
  headline: string;
  reason?: string;
  /** Dynos seen serving at one time. */
  dynosSeen: number;
  /** Whether a session affinity cookie was in a visitor's jar. */
  affinity: boolean;
  requests: number;
  failedRequests: number;
  figures: Record<string, Figure>;
  /** One visitor's requests, in order, and what happened between them. */
  strip?: Mark[];
  seconds: number;
  /** The raw files, relative to `results.json`. */
  raw: string[];
  /** The k6 command to run the same script by hand. */
  command: string;
}

export type Figure = number | string | boolean | null | Figure[] | { [name: string]: Figure };

/** In a strip: a visit, an event, or visits that are left out because there were too many to draw. */
export type Mark = Visit | { event: string; moment: "begins" | "is over" } | { skipped: number };

export interface Visit {
  /** "" when no dyno answered. */
  dyno: string;
  session: "new" | "found" | "lost" | "failed";
}
