/**
 * Heroku's error codes that a router can cause, and the status that each is answered or logged with.
 * Codes and descriptions: https://devcenter.heroku.com/articles/error-codes (7 May 2024). H23 and H26 are left out, for
 * Router 2.0 does not send them: https://devcenter.heroku.com/articles/http-routing (31 Jul 2025). The status 499 of H27
 * and H28 is unsourced.
 */
export const H_CODES = {
  H10: { desc: "App crashed", status: 503 },
  H11: { desc: "Backlog too deep", status: 503 },
  H12: { desc: "Request timeout", status: 503 },
  H13: { desc: "Connection closed without response", status: 503 },
  H14: { desc: "No web dynos running", status: 503 },
  H15: { desc: "Idle connection", status: 503 },
  H17: { desc: "Poorly formatted HTTP response", status: 503 },
  H18: { desc: "Server request interrupted", status: 503 },
  H19: { desc: "Backend connection timeout", status: 503 },
  H20: { desc: "App boot timeout", status: 503 },
  H21: { desc: "Backend connection refused", status: 503 },
  H25: { desc: "HTTP restriction", status: 502 },
  H27: { desc: "Client request interrupted", status: 499 },
  H28: { desc: "Client connection idle", status: 499 },
  H99: { desc: "Platform error", status: 503 },
} as const;

export type HCode = keyof typeof H_CODES;

/** Why the router answers a request itself: one of Heroku's codes, or the bare status of a request that breaks HTTP. */
export type Failure = HCode | 400;
