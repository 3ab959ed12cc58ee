/** Heroku's error codes, as far as a router can cause them, and the status that each is answered or logged with. */
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
  H26: { desc: "Request error", status: 400 },
  H27: { desc: "Client request interrupted", status: 499 },
  H28: { desc: "Client connection idle", status: 499 },
  H99: { desc: "Platform error", status: 503 },
} as const;

export type HCode = keyof typeof H_CODES;
