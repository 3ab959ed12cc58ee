import type { NextRequest } from "next/server.js";
import { isCrossSite } from "../http/cross-site.ts";
import { answerMethods } from "../http/methods.ts";
import { problem } from "../http/problem.ts";

const METHODS = ["GET", "HEAD", "POST"];
/** What Next takes for a server action, wherever it is sent. */
const FORM = "multipart/form-data";
const ALLOW = "GET, HEAD, OPTIONS, POST";

/**
 * What a page must not be asked for, answered; null where nothing is wrong. Next renders the page whatever the
 * method, and answers with a bare 500 where a form is from another site, cannot be read, or is sent where no page
 * is.
 *
 * @param isPage Whether there is a page, with forms, at the address.
 */
export async function refusePage(request: NextRequest, isPage: boolean): Promise<Response | null> {
  if (isPage && !METHODS.includes(request.method)) return answerMethods(request, ALLOW);
  if (request.method !== "POST") return null;
  if (isPage && isCrossSite(request.headers)) {
    return Response.redirect(new URL("/?refused", request.url), 303);
  }
  if (!request.headers.get("content-type")?.startsWith(FORM)) return null;
  if (!isPage) return problem(415, "No form here", `Nothing at this address takes ${FORM}.`);
  if (await isReadable(request)) return null;
  return problem(400, "Not a form", "The body is not the form that it is declared to be.");
}

async function isReadable(request: NextRequest): Promise<boolean> {
  return request.formData().then(
    () => true,
    () => false,
  );
}
