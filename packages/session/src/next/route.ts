import type { NextRequest } from "next/server.js";
import { isCrossSite } from "../http/cross-site.ts";
import { answerMethods } from "../http/guard-requests.ts";
import { problem, sessionProblem } from "../http/problem.ts";
import { inHandler } from "./request-scope.ts";

/** `context` has the parameters of the path, as Next passes them: `{ params: Promise<{ fingerprint: string }> }`. */
type Handler<Context> = (request: NextRequest, context: Context) => Response | Promise<Response>;

const READS = ["GET"] as const;
const WRITES = ["POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof READS)[number] | (typeof WRITES)[number];

/**
 * Creates the exports of a `route.ts`. Refuses writes from another site with 403, turns the session's errors into problem
 * responses, and answers other methods with 405. A handler may throw a `Response`. Next derives HEAD from GET.
 *
 * @param handlers by method; a method without a handler is answered with 405
 */
export function route<Context = unknown>(
  handlers: Partial<Record<Method, Handler<Context>>>,
): Record<Method | "OPTIONS", Handler<Context>> {
  const own = [...READS, ...WRITES].filter((method) => handlers[method]);
  const allow = [...own, ...(handlers.GET ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");

  const otherMethod: Handler<Context> = (request) => answerMethods(request, allow);

  const guarded =
    (handler: Handler<Context>, isWrite: boolean): Handler<Context> =>
    async (request, context) => {
      if (isWrite && isCrossSite(request.headers)) {
        return problem(
          403,
          "Write from another site",
          "Only pages of this site may change its sessions.",
        );
      }
      return inHandler(request, async () => {
        try {
          return await handler(request, context);
        } catch (error) {
          return error instanceof Response ? error : sessionProblem(error);
        }
      });
    };

  const pick = (method: Method, isWrite: boolean): Handler<Context> => {
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
