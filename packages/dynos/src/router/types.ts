import type { HCode } from "./codes.ts";

/** A dyno that can take requests: it is bound to its port and not stopping. */
export type RoutedDyno = { name: string; port: number };

/** Why there may be no dyno to route to. `ok`: the dynos are on their way, so a request waits for one. */
export type WebState = "ok" | "crashed" | "boot-timeout" | "none";

/** What the live view shows of one request, once it is over. */
export type RequestEvent = {
  at: number;
  dyno: string;
  method: string;
  path: string;
  status: number;
  code?: HCode;
  serviceMs: number;
  bytes: number;
  /** The app's own `x-session` response header. */
  session?: string;
};

/** Heroku's times. Tests shorten them. */
export type RouterTimeouts = {
  /** To a connection with a dyno. */
  connectMs: number;
  /** How long a dyno that refused a connection is left alone. */
  quarantineMs: number;
  /** How long a request waits while no dyno takes connections. */
  searchMs: number;
  /** From the end of the request to the first byte of the answer. */
  firstByteMs: number;
  /** Silence on either side, before and after that first byte. */
  idleMs: number;
  /** How long an unused connection to a dyno is kept. */
  dynoKeepAliveMs: number;
  /** How long an unused connection from a client is kept. */
  clientKeepAliveMs: number;
  /** How long a client may take to send its headers. */
  clientHeadersMs: number;
};

export const HEROKU_TIMEOUTS: RouterTimeouts = {
  connectMs: 5_000,
  quarantineMs: 5_000,
  searchMs: 75_000,
  firstByteMs: 30_000,
  idleMs: 55_000,
  dynoKeepAliveMs: 90_000,
  clientKeepAliveMs: 90_000,
  clientHeadersMs: 30_000,
};

export type RouterOptions = {
  host?: "127.0.0.1";
  port: number;
  httpsPort: number;
  tls: { key: string; cert: string };
  dynos(): readonly RoutedDyno[];
  state(): WebState;
  /** How many web dynos are configured: the limit of concurrent requests follows it. */
  webDynos?(): number;
  affinity(): boolean;
  log(line: string): void;
  onRequest?(event: RequestEvent): void;
  timeouts?: Partial<RouterTimeouts>;
};

export type Router = {
  listen(): Promise<{ port: number; httpsPort: number }>;
  close(): Promise<void>;
};
