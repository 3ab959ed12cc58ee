import type { IncomingMessage } from "node:http";
import { affinityToken } from "./affinity.ts";
import type { Backend } from "./backends.ts";
import { createBackends } from "./backends.ts";
import type { HCode } from "./codes.ts";
import { createRecord, logLine, type RequestRecord, requestEvent } from "./record.ts";
import { requestHeaders } from "./request-headers.ts";
import { createSearch } from "./retry.ts";
import { HEROKU_TIMEOUTS, type RouterOptions } from "./types.ts";

const REQUESTS_PER_DYNO = 200;
const NO_DYNO = { dyno: "", connectMs: undefined };

export type RouterCore = ReturnType<typeof createCore>;

/** One request inside the router. */
export type Entry = {
  record: RequestRecord;
  /** For the dyno. */
  headers: string[];
  /** Why it is not passed on at all. */
  refusal: HCode | undefined;
  /** Whether the client is to come back to the same dyno, and the token it brought for that. */
  affinity: boolean;
  token: string | undefined;
  leave(): void;
};

/** What all requests of one router share, whether they are upgraded or not. */
export function createCore(options: RouterOptions) {
  const timeouts = { ...HEROKU_TIMEOUTS, ...options.timeouts };
  const backends = createBackends(timeouts);
  const { log, onRequest } = options;
  const ports = { http: 0, https: 0 };
  let underWay = 0;

  return {
    timeouts,
    ports,
    /** A request comes in. `leave` must be called once, when it is over. */
    enter(request: IncomingMessage, secure: boolean): Entry {
      const record = createRecord(request, secure);
      const headers = requestHeaders(request, record, secure ? ports.https : ports.http);
      const affinity = options.affinity();
      const dynos = options.webDynos?.() ?? options.dynos().length;
      const tooMany = dynos > 0 && underWay >= REQUESTS_PER_DYNO * dynos;
      const refusal: HCode | undefined = headers ? (tooMany ? "H11" : undefined) : "H26";
      underWay++;
      return {
        record,
        headers: headers ?? [],
        refusal,
        affinity,
        token: affinity ? affinityToken(request.headers.cookie) : undefined,
        leave() {
          underWay--;
          const { connectedAt } = record;
          const serviceMs = connectedAt > 0 ? performance.now() - connectedAt : 0;
          log(logLine(record, serviceMs));
          onRequest?.(requestEvent(record, serviceMs));
        },
      };
    },
    search(entry: Entry, found: (backend: Backend) => void, failed: (code: HCode) => void) {
      return createSearch(options, backends, timeouts, entry.token, found, (code) => {
        const { record } = entry;
        // With any other code no dyno is to blame, not even one that was tried before.
        if (code !== "H19" && code !== "H21") Object.assign(record, NO_DYNO);
        failed(code);
      });
    },
    close: () => backends.close(),
  };
}
