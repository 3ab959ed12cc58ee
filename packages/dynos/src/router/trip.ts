import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { Entry } from "./admission.ts";
import type { Backend } from "./backends.ts";
import type { HCode } from "./codes.ts";
import type { RouterTimeouts } from "./types.ts";

/** One request on its way to a dyno and back: what both sides of the router must know of it. */
export type Trip = {
  request: IncomingMessage;
  response: ServerResponse;
  entry: Entry;
  hasBody: boolean;
  timeouts: RouterTimeouts;
  /** The request to the dyno, while it runs. */
  controller: Dispatcher.DispatchController | undefined;
  /** The one clock that runs: for the first byte, or for silence. */
  timer: NodeJS.Timeout | undefined;
  /** The dyno is no longer listened to: the router has answered, or the client is gone. */
  over: boolean;
  /** Answers with an error page. */
  fail(code: HCode): void;
  /** Too late for an error page: ends the client's connection before the answer is complete. */
  cut(code: HCode): void;
  /** The dyno did not take the connection. */
  refused(backend: Backend, code: "H19" | "H21"): void;
};
