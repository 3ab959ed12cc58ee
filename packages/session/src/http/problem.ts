import {
  NotSignedInError,
  SessionBusyError,
  SessionConflictError,
  SessionFieldError,
  SessionStoreError,
  SessionsNotListedError,
  SessionTooLargeError,
} from "../errors.ts";

const RETRY_AFTER_SECONDS = 5;

/** A problem response (RFC 9457). */
export function problem(
  status: number,
  title: string,
  detail: string,
  more: { members?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Response {
  const body = { type: "about:blank", title, status, detail, ...more.members };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "private, no-store",
    ...more.headers,
  };
  return new Response(JSON.stringify(body), { status, headers });
}

/** The problem response for an error of this package. Rethrows any other error. Deletes no cookie. */
export function sessionProblem(error: unknown): Response {
  if (error instanceof SessionStoreError) {
    const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
    const detail = `${error.store} does not answer. Your session is back when it does.`;
    return problem(503, "The session store fails", detail, { headers });
  }
  if (error instanceof SessionTooLargeError) {
    const { maxBytes } = error;
    const detail = `A session here holds ${maxBytes} bytes of JSON.`;
    return problem(413, "More than the session can hold", detail, { members: { maxBytes } });
  }
  if (error instanceof SessionFieldError) {
    const { field } = error;
    const detail = `A session field cannot be called \`${field}\`. Nothing was changed.`;
    return problem(400, "Invalid name for a session field", detail, { members: { field } });
  }
  if (error instanceof SessionConflictError) {
    const headers = { "retry-after": "1" };
    const detail = "Other requests write this session all the time. This request changed nothing.";
    return problem(503, "Too many writes at once", detail, { headers });
  }
  if (error instanceof SessionBusyError) {
    const headers = { "retry-after": "1" };
    const detail = "Too many requests wait already. This one changed nothing.";
    return problem(503, "Too many requests at once", detail, { headers });
  }
  if (error instanceof NotSignedInError) {
    return problem(401, "Not signed in", "Sign in to see and to end your sessions.");
  }
  if (error instanceof SessionsNotListedError) {
    return problem(501, "Sessions cannot be listed here", error.reason);
  }
  throw error;
}
