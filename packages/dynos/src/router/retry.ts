import type { HCode } from "./codes.ts";
import type {
  Backend,
  Backends,
  DynoSearch,
  RouterOptions,
  RouterTimeouts,
  WebState,
} from "./types.ts";

// https://devcenter.heroku.com/articles/http-routing#dyno-connection-behavior-on-the-common-runtime (31 Jul 2025):
// 10 attempts, or as many as there are dynos, then H19 or H21; growing pauses while all dynos are in quarantine.
const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 50; // unsourced
const LONGEST_PAUSE_MS = 1_000; // unsourced

/** https://devcenter.heroku.com/articles/error-codes (7 May 2024) */
const WHY_NO_DYNO: Record<Exclude<WebState, "ok">, HCode> = {
  crashed: "H10",
  "boot-timeout": "H20",
  none: "H14",
};

/**
 * Looks for a dyno that takes a request. Only a request of which nothing was sent may try again.
 * @param token of session affinity, where the client brought one
 * @param found called with each dyno to try
 * @param failed called once, when there is no dyno left to try
 */
export function createSearch(
  { dynos, state }: RouterOptions,
  backends: Backends,
  { searchMs }: RouterTimeouts,
  token: string | undefined,
  found: (backend: Backend) => void,
  failed: (code: HCode) => void,
): DynoSearch {
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
    // That dynos which are all still starting end in H20 is unsourced.
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
