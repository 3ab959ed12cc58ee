import type { IncomingMessage } from "node:http";
import type { Pool } from "undici";
import type { Failure, HCode } from "./codes.ts";

/** A dyno that can take requests: it has bound its port and is not stopping. */
export interface RoutedDyno {
  name: string;
  port: number;
}

/** Why there may be no dyno to route to. `ok`: dynos are starting, so a request waits for one. */
export type WebState = "ok" | "crashed" | "boot-timeout" | "none";

/** One request, once it is over. */
export interface RequestEvent {
  /** Milliseconds since 1970. */
  at: number;
  /** Empty when the router answered itself. */
  dyno: string;
  method: string;
  path: string;
  status: number;
  code?: HCode;
  serviceMs: number;
  /** Of the body. */
  bytes: number;
  /** The app's `x-session` response header: the session outcome. */
  session?: string;
}

/** Time limits in milliseconds. */
export interface RouterTimeouts {
  /** To connect to a dyno. */
  connectMs: number;
  /** How long a dyno that did not take a connection gets none. */
  quarantineMs: number;
  /** How long a request waits while no dyno takes connections. */
  searchMs: number;
  /** From the end of the request to the first byte of the response. */
  firstByteMs: number;
  /** Silence on either side, before and after the first byte. */
  idleMs: number;
  /** How long an idle connection to a dyno is kept. */
  dynoKeepAliveMs: number;
  /** How long an idle connection from a client is kept. */
  clientKeepAliveMs: number;
  /** How long a client may take to send its headers. */
  clientHeadersMs: number;
}

/** Heroku's limits, from https://devcenter.heroku.com/articles/http-routing (31 Jul 2025); sections are named. */
export const HEROKU_TIMEOUTS: RouterTimeouts = {
  connectMs: 5_000, // #dyno-connection-behavior-on-the-common-runtime
  quarantineMs: 5_000, // the same: "up to 5 seconds"
  searchMs: 75_000, // the same: then H99
  firstByteMs: 30_000, // #timeouts: then H12
  idleMs: 55_000, // #timeouts: each byte in either direction resets it; then H15 or H28
  dynoKeepAliveMs: 90_000, // #keepalives
  clientKeepAliveMs: 90_000, // unsourced: as for dynos
  clientHeadersMs: 30_000, // unsourced
};

export interface RouterOptions {
  /** Default: `127.0.0.1`. */
  host?: "127.0.0.1";
  /** 0 takes any free port. */
  port: number;
  httpsPort: number;
  /** PEM. */
  tls: { key: string; cert: string };
  dynos(): readonly RoutedDyno[];
  state(): WebState;
  /** How many web dynos are configured: the limit of concurrent requests follows it. Default: those that run. */
  webDynos?(): number;
  /** Whether session affinity is on. */
  affinity(): boolean;
  log(line: string): void;
  onRequest?(event: RequestEvent): void;
  timeouts?: Partial<RouterTimeouts>;
}

export interface Router {
  /** Opens both ports. Rejects with Node's error, `EADDRINUSE` for one, and leaves neither open then. */
  listen(): Promise<{ port: number; httpsPort: number }>;
  /** Closes both ports and every connection. */
  close(): Promise<void>;
}

/** What is known of one request on its way through the router: the source of its log line. */
export interface RequestRecord {
  method: string;
  path: string;
  host: string;
  secure: boolean;
  requestId: string;
  forwardedFor: string;
  dyno: string;
  /** How long it took to connect to the dyno, or to learn that it does not take connections. */
  connectMs: number | undefined;
  /** By `performance.now()`; 0 until a dyno is connected. */
  connectedAt: number;
  /** 0 until there is an answer. */
  status: number;
  bytes: number;
  code: HCode | undefined;
  session: string | undefined;
}

/** The connections to one start of one dyno. A dyno that restarts is another backend, with another token. */
export interface Backend {
  name: string;
  port: number;
  /** What the cookie for session affinity holds instead of the dyno's name. */
  token: string;
  pool: Pool;
  /** By `performance.now()`; 0: not in quarantine. */
  quarantinedUntil: number;
}

export interface Backends {
  /** A random dyno that takes connections, each with the same probability, whatever was chosen before. */
  pick(dynos: readonly RoutedDyno[]): Backend | undefined;
  /** The dyno that this token stands for, if it takes connections. */
  withToken(token: string, dynos: readonly RoutedDyno[]): Backend | undefined;
  quarantine(backend: Backend): void;
  close(): Promise<void>;
}

/** One request that the router has let in, or refuses. */
export interface Admission {
  record: RequestRecord;
  /** For the dyno: name, value, name, value, … */
  headers: string[];
  /** Why it is not passed on at all. */
  refusal: Failure | undefined;
  /** Whether session affinity is on, and the token that the client brought for it. */
  affinity: boolean;
  token: string | undefined;
  /** Call once, when the request is over: writes its log line. */
  leave(): void;
}

/** The search for a dyno that takes one request. */
export interface DynoSearch {
  /** Calls `found` or `failed`: at once, or after pauses while all dynos are in quarantine. */
  next(): void;
  /** The dyno did not take the connection: tries another one. */
  refused(backend: Backend, code: "H19" | "H21"): void;
  cancel(): void;
}

/** What all requests of one router share, upgraded or not. */
export interface RouterCore {
  readonly timeouts: RouterTimeouts;
  readonly ports: { http: number; https: number };
  admit(request: IncomingMessage, secure: boolean): Admission;
  search(
    admission: Admission,
    found: (backend: Backend) => void,
    failed: (code: HCode) => void,
  ): DynoSearch;
  close(): Promise<void>;
}
