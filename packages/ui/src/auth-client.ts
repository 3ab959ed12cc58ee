import { type Problem, problemOf } from "./problem.tsx";

/** Posts to next-auth with the CSRF token that it asks for. null when that worked. */
export async function postToAuth(
  path: string,
  fields: Record<string, string>,
): Promise<Problem | null> {
  try {
    const csrf = await fetch("/api/auth/csrf");
    if (!csrf.ok) return problemOf(csrf.status);
    const { csrfToken } = await csrf.json();
    const body = new URLSearchParams({ ...fields, csrfToken, callbackUrl: "/", json: "true" });
    const response = await fetch(`/api/auth/${path}`, { method: "POST", body });
    if (response.ok) return null;
    const { maxBytes } = await response.json();
    return problemOf(response.status, maxBytes);
  } catch {
    return problemOf(0);
  }
}
