/**
 * A VU hands nothing but numbers to `handleSummary`, so what failed most often travels as one: method, path and status
 * by their places in these lists.
 */
const methods = ["GET", "POST", "DELETE"];
const paths = [
  "another path",
  "/",
  "/api/session",
  "/api/plain",
  "/readyz",
  "/api/auth/csrf",
  "/api/auth/session",
  "/api/auth/callback/credentials",
  "/api/auth/signout",
  "/api/auth/get-session",
  "/api/auth/sign-up/email",
  "/api/auth/sign-out",
  "/api/sessions",
  ...formPaths(),
];

/** The paths of a sign-in form, which `-e SIGN_IN` names. The tests of the summary run without k6. */
function formPaths(): string[] {
  const option = (globalThis as { __ENV?: Record<string, string | undefined> }).__ENV?.SIGN_IN;
  return option?.startsWith("/") ? option.split(",") : [];
}

/** @param status the answer's; 0 if there was none */
export function encodeFailure(method: string, path: string, status: number): number {
  const place = Math.max(0, paths.indexOf(path));
  return (Math.max(0, methods.indexOf(method)) * 1_000 + place) * 1_000 + status;
}

/** "GET /api/plain answered 404 (160 times)" */
export function describeFailure(code: number, times: number): string {
  const path = paths[Math.floor(code / 1_000) % 1_000] ?? "";
  const method = methods[Math.floor(code / 1_000_000)] ?? "";
  return describeTimes(describeAnswer(method, path, code % 1_000), times);
}

/** "GET /api/plain answered 404" */
export const describeAnswer = (method: string, path: string, status: number) =>
  `${method} ${path} ${status === 0 ? "was not answered" : `answered ${status}`}`;

export const describeTimes = (text: string, times: number) =>
  `${text} (${times} time${times === 1 ? "" : "s"})`;
