/** One request, as the strip shows it. */
export interface SeenRequest {
  key: string;
  dyno: string;
  sessionOutcome: string;
}

export const MAX_REQUESTS = 30;
const STORAGE_KEY = "requests";

/** The last requests, kept in the browser: a lost session would take them with it. */
export function loadRequests(): SeenRequest[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRequest).slice(-MAX_REQUESTS) : [];
  } catch {
    return []; // Storage is disabled, or holds something else.
  }
}

export function saveRequests(requests: SeenRequest[]): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(requests));
  } catch {
    // Storage is full or disabled: the strip lasts as long as the page.
  }
}

/** Adds a request at the end, unless it is in the list already: React may run an effect twice. */
export function withRequest(requests: SeenRequest[], request: SeenRequest): SeenRequest[] {
  if (requests.some((each) => each.key === request.key)) return requests;
  return [...requests, request].slice(-MAX_REQUESTS);
}

function isRequest(value: unknown): value is SeenRequest {
  const { key, dyno, sessionOutcome } = (value ?? {}) as Record<string, unknown>;
  return [key, dyno, sessionOutcome].every((field) => typeof field === "string");
}
