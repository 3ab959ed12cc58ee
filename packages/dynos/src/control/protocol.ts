import type { AddonStatus } from "../app.ts";
import type { DynoStatus } from "../dyno/types.ts";
import type { RequestEvent } from "../router/types.ts";

/** The methods of an app that may be called over its socket. */
export const CONTROL_VERBS = [
  "ps",
  "scale",
  "restart",
  "kill",
  "freeze",
  "setClock",
  "cycle",
  "deploy",
  "releases",
  "rollback",
  "config",
  "configSet",
  "addons",
  "addonStop",
  "addonStart",
  "addonRestart",
  "addonDisturb",
  "affinity",
  "setAffinity",
  "preboot",
  "setPreboot",
  "run",
  "logs",
  "down",
] as const;

export type ControlVerb = (typeof CONTROL_VERBS)[number];

/** What continues until the caller hangs up: the log, and the app's state for the live view. */
export const CONTROL_STREAMS = ["tail", "watch"] as const;

/** The answer: one JSON object a line, the last of them with the result or the error. */
export type ControlMessage =
  | { progress: string }
  | { line: string }
  | { watch: AppState }
  | { result: unknown }
  | { error: string };

/** What the router counted for one dyno name since the app came up. */
export interface Counts {
  requests: number;
  /** Session outcomes, by the app's `x-session`; both stay 0 for an app that does not send it. */
  found: number;
  lost: number;
  /** Answers of 500 and above, the router's own among them. A client that leaves (H27, 499) is not a failure. */
  failed: number;
}

export interface WatchedDyno extends DynoStatus, Counts {
  memoryBytes?: number | undefined;
}

/** What the live view draws of one request. */
export type RecentRequest = Pick<RequestEvent, "dyno" | "status" | "session">;

/** One app at one moment, as the live view shows it. */
export interface AppState {
  name: string;
  url: string;
  httpsUrl: string;
  affinity: boolean;
  dynos: WatchedDyno[];
  addons: AddonStatus[];
  /** Since the app came up: of all dynos, past ones included, and of what the router answered itself. */
  total: Counts;
  /** The first requests since the last state, and how many there were. */
  recent: RecentRequest[];
  recentCount: number;
}
