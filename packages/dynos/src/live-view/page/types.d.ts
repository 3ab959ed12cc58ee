/** What the server tells of an app, four times a second. */
export interface AppState {
  name: string;
  httpsUrl: string;
  affinity: boolean;
  dynos: Dyno[];
  addons: Addon[];
  total: Counts;
  /** Some of the requests since the last time, and how many there were. */
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
  /** So many before it under its name are still stopping. */
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

/** Asks the app to do something; `doing` says what, while it goes on. */
export type Act = (doing: string, verb: string, parameter?: unknown) => Promise<void>;
