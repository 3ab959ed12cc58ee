import type { NextRequest } from "next/server.js";
import { isCrossSite } from "./cross-site.ts";
import { answerMethods } from "./methods.ts";
import { problem } from "./problem.ts";

const METHODS = ["GET", "HEAD", "POST"];
const ALLOW = "GET, HEAD, OPTIONS, POST";

/**
 * What a page must not be asked for, answered; null where nothing is wrong. Next renders the page whatever the
 * method, and answers with a bare 500 where a form is from another site or cannot be read.
 */
export async function refusePage(request: NextRequest): Promise<Response | null> {
  if (!METHODS.includes(request.method)) return answerMethods(request, ALLOW);
  if (request.method !== "POST") return null;
  if (isCrossSite(request.headers)) {
    return Response.redirect(new URL("/?refused", request.url), 303);
  }
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data");
  if (isForm && !(await isReadable(request))) {
    return problem(400, "Not a form", "The body is not the form that it is declared to be.");
  }
  return null;
}

async function isReadable(request: NextRequest): Promise<boolean> {
  return request.formData().then(
    () => true,
    () => false,
  );
}
