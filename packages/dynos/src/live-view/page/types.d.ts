/** An app's state, which the server sends four times a second. */
export interface AppState {
  name: string;
  httpsUrl: string;
  affinity: boolean;
  dynos: Dyno[];
  addons: Addon[];
  total: Counts;
  /** The first requests since the last state, and how many there were. */
  recent: RecentRequest[];
  recentCount: number;
}

export interface Counts {
  requests: number;
  found: number;
  lost: number;
  failed: number;
}

export interface Dyno extends Counts {
  name: string;
  type: string;
  state: string;
  since: string;
  /** How many earlier dynos of this name are still stopping. */
  leaving?: number;
  bootMs?: number;
  memoryBytes?: number;
  color: string;
}

export interface Addon {
  name: string;
  state: string;
}

export interface RecentRequest {
  dyno: string;
  status: number;
  session?: string;
}

/** Calls a verb of the app; `doing` is shown until its effect is complete. */
export type Act = (doing: string, verb: string, parameter?: unknown) => Promise<void>;
