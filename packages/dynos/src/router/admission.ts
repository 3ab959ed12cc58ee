import { createBackends } from "./backends.ts";
import { affinityToken, requestHeaders } from "./headers.ts";
import { createRecord, logLine, requestEvent } from "./record.ts";
import { createSearch } from "./retry.ts";
import { HEROKU_TIMEOUTS, type RouterCore, type RouterOptions } from "./types.ts";

/** Then H11: https://devcenter.heroku.com/articles/http-routing#request-concurrency-limiting (31 Jul 2025) */
const REQUESTS_PER_DYNO = 200;
const NO_DYNO = { dyno: "", connectMs: undefined };

/** Lets requests in, up to the limit, and counts them; finds them a dyno. */
export function createCore(options: RouterOptions): RouterCore {
  const timeouts = { ...HEROKU_TIMEOUTS, ...options.timeouts };
  const backends = createBackends(timeouts);
  const { log, onRequest } = options;
  const ports = { http: 0, https: 0 };
  let underWay = 0;

  return {
    timeouts,
    ports,
    admit(request, secure) {
      const record = createRecord(request, secure);
      const headers = requestHeaders(request, record, secure ? ports.https : ports.http);
      const affinity = options.affinity();
      const dynos = options.webDynos?.() ?? options.dynos().length;
      const tooMany = dynos > 0 && underWay >= REQUESTS_PER_DYNO * dynos;
      const refusal = headers ? (tooMany ? "H11" : undefined) : 400;
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
    search({ record, token }, found, failed) {
      return createSearch(options, backends, timeouts, token, found, (code) => {
        // Any other code is not the fault of a dyno, not even of one that was tried before.
        if (code !== "H19" && code !== "H21") Object.assign(record, NO_DYNO);
        failed(code);
      });
    },
    close: () => backends.close(),
  };
}
