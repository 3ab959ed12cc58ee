import type { Backend, Backends } from "./backends.ts";
import type { HCode } from "./codes.ts";
import type { RouterOptions, RouterTimeouts, WebState } from "./types.ts";

const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

const WHY_NO_DYNO: Record<Exclude<WebState, "ok">, HCode> = {
  crashed: "H10",
  "boot-timeout": "H20",
  none: "H14",
};

export type Search = {
  /** Calls `found` or `failed`: at once, or after pauses while all dynos are in quarantine. */
  next(): void;
  /** The dyno did not take the connection: on to another one. */
  refused(backend: Backend, code: "H19" | "H21"): void;
  cancel(): void;
};

/** Looks for a dyno that takes a request. Only a request of which nothing has been sent may look again. */
export function createSearch(
  { dynos, state }: RouterOptions,
  backends: Backends,
  { searchMs }: RouterTimeouts,
  token: string | undefined,
  found: (backend: Backend) => void,
  failed: (code: HCode) => void,
): Search {
  const startedAt = performance.now();
  let attempts = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;

  function next() {
    const list = dynos();
    if (list.length === 0) {
      const why = state();
      if (why !== "ok") return failed(WHY_NO_DYNO[why]);
    }
    const backend = (token && backends.withToken(token, list)) || backends.pick(list);
    if (backend) return found(backend);
    const leftMs = searchMs - (performance.now() - startedAt);
    if (leftMs <= 0) return failed(list.length > 0 ? "H99" : "H20");
    timer = setTimeout(next, Math.min(pauseMs, leftMs));
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  return {
    next,
    refused(backend, code) {
      backends.quarantine(backend);
      attempts++;
      if (attempts >= Math.min(MAX_ATTEMPTS, Math.max(1, dynos().length))) failed(code);
      else next();
    },
    cancel() {
      clearTimeout(timer);
    },
  };
}
