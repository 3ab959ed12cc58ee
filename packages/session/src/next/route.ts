import type { NextRequest } from "next/server.js";
import { isCrossSite } from "../http/cross-site.ts";
import { answerMethods } from "../http/guard-requests.ts";
import { problem, sessionProblem } from "../http/problem.ts";
import { inHandler } from "./request-scope.ts";

type Handler = (request: NextRequest) => Response | Promise<Response>;

const READS = ["GET"] as const;
const WRITES = ["POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof READS)[number] | (typeof WRITES)[number];

/**
 * Creates the exports of a `route.ts`. Refuses writes from another site with 403, turns the session's errors into problem
 * responses, and answers other methods with 405. A handler may throw a `Response`. Next derives HEAD from GET.
 *
 * @param handlers by method; a method without a handler is answered with 405
 */
export function route(
  handlers: Partial<Record<Method, Handler>>,
): Record<Method | "OPTIONS", Handler> {
  const own = [...READS, ...WRITES].filter((method) => handlers[method]);
  const allow = [...own, ...(handlers.GET ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");

  const otherMethod: Handler = (request) => answerMethods(request, allow);

  const guarded =
    (handler: Handler, isWrite: boolean): Handler =>
    async (request) => {
      if (isWrite && isCrossSite(request.headers)) {
        return problem(
          403,
          "Write from another site",
          "Only pages of this site may change its sessions.",
        );
      }
      try {
        return await inHandler(() => handler(request));
      } catch (error) {
        return error instanceof Response ? error : sessionProblem(error);
      }
    };

  const pick = (method: Method, isWrite: boolean): Handler => {
    const handler = handlers[method];
    return handler ? guarded(handler, isWrite) : otherMethod;
  };
  return {
    GET: pick("GET", false),
    POST: pick("POST", true),
    PUT: pick("PUT", true),
    PATCH: pick("PATCH", true),
    DELETE: pick("DELETE", true),
    OPTIONS: otherMethod,
  };
}
