import { FOREIGN_METHOD } from "./guard-requests.ts";
import { problem } from "./problem.ts";

/** Answers for a route that has the methods in `allow`: to OPTIONS, and to every method that it does not have. */
export function answerMethods(request: Request, allow: string): Response {
  const method = request.headers.get(FOREIGN_METHOD) ?? request.method;
  const headers = { allow };
  if (method === "OPTIONS") return new Response(null, { status: 204, headers });
  return problem(405, "Method not allowed", `This route has no ${method}.`, { headers });
}
