import type { OperationKind } from "@repo/history/operation";
import type { CookieJar, RequestBody } from "k6/http";

/** The part of the body of SPEC.md that the scripts read. */
export interface Session {
  fingerprint: string;
  visits: number;
  note: string | null;
  user: { name: string } | null;
  expiresAt?: string;
}

export interface AppResponse {
  status: number;
  /** The status is below 400, or one that the scenario accepts. */
  ok: boolean;
  dyno: string;
  boot: string;
  /** The `x-session` header: what became of the session cookie that the request brought. */
  sessionOutcome: string;
  /** Bytes of the largest cookie that it sets, name and value; 0 without one. */
  cookieBytes: number;
  text: string;
  /** next-auth refuses a sign-in or sign-out by redirecting to an address that names the reason. */
  refused: boolean;
  /** Milliseconds until the response was complete. */
  ms: number;
  header(name: string): string;
  /** `undefined` if the body is not JSON. */
  json(): Record<string, unknown> | undefined;
  session(): Session | null;
}

export interface SendOptions extends Sender {
  jar?: CookieJar;
  /** Text is sent as JSON. k6 sends an object as a form, and as multipart/form-data if one of its values is a file. */
  body?: RequestBody;
  headers?: Record<string, string>;
  /** Statuses from 400 on that count as an answer too. */
  accept?: number[] | "any";
}

/** Who sends a request, and what it asks for where the route does not tell. */
export interface Sender {
  /** Default: the visitor whose cookie it is a copy of, or somebody who brings none. */
  visitor?: string | number;
  tab?: number | undefined;
  /** `form`: a note by the page's form, whose answer does not say whether it was kept. */
  op?: OperationKind | "form";
  /** The note that was sent. */
  note?: string;
  /** For a sign-in: as whom. */
  user?: string;
}

/** `new`: the visitor had no session and got one. `failed`: no response, or one that says nothing about the session. */
export type VisitOutcome = "new" | "found" | "lost" | "failed";

export interface Visitor {
  number: number;
  name: string;
  /** One jar for the whole journey: k6 empties its own after each iteration. */
  jar: CookieJar;
  /** How many visits found or lost the session. */
  found: number;
  lost: number;
  /** The statuses of visits that failed; 0 if nothing answered. */
  errors: number[];
  answers: number;
  /** The dynos that answered. */
  dynos: Set<string>;
  send(method: string, path: string, options?: SendOptions): Promise<AppResponse>;
  /** Visits once more: the session's counter must rise by one. Records whether it did. */
  visit(): Promise<VisitOutcome>;
  /** Tells the visitor that another request may raise the counter too. */
  mayHaveVisited(): void;
}
