/** One request as the strip draws it. */
export interface SeenRequest {
  key: string;
  dyno: string;
  outcome: string;
}

export const KEPT = 30;
const STORAGE_KEY = "requests";

/** The last requests, kept in the browser: the session would lose them just when they matter. */
export function loadRequests(): SeenRequest[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRequest).slice(-KEPT) : [];
  } catch {
    return []; // Storage is switched off, or holds something else.
  }
}

export function saveRequests(requests: SeenRequest[]): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(requests));
  } catch {
    // Full, or switched off: the strip then lasts as long as the page.
  }
}

/** Added at the end; a request that is there already (React may run an effect twice) is not added again. */
export function withRequest(requests: SeenRequest[], request: SeenRequest): SeenRequest[] {
  if (requests.some((each) => each.key === request.key)) return requests;
  return [...requests, request].slice(-KEPT);
}

function isRequest(value: unknown): value is SeenRequest {
  const { key, dyno, outcome } = (value ?? {}) as Record<string, unknown>;
  return [key, dyno, outcome].every((field) => typeof field === "string");
}
