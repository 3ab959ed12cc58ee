import {
  SessionBusyError,
  SessionConflictError,
  SessionFieldError,
  SessionStoreError,
  SessionTooLargeError,
} from "../errors.ts";

const RETRY_AFTER_SECONDS = 5;

/** An answer as RFC 9457 has it. */
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

/** What the session's own errors look like over HTTP; throws on what is none of them. No cookie is deleted. */
export function sessionProblem(error: unknown): Response {
  if (error instanceof SessionStoreError) {
    const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
    const detail = `${error.store} does not answer. Your session is there again when it does.`;
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
    return problem(400, "Not a name for a session field", detail, { members: { field } });
  }
  if (error instanceof SessionConflictError) {
    const headers = { "retry-after": "1" };
    const detail = "Others write this session all the time. Nothing was changed by this request.";
    return problem(503, "Too many writes at once", detail, { headers });
  }
  if (error instanceof SessionBusyError) {
    const headers = { "retry-after": "1" };
    const detail = "This process lets no more requests wait. Nothing was changed by this one.";
    return problem(503, "Too many requests at once", detail, { headers });
  }
  throw error;
}
