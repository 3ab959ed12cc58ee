import { createHash } from "node:crypto";
import { deriveKey } from "../store/seal.ts";

/** What next-auth signs its CSRF tokens and OAuth state with: its own key, not the one that seals sessions. */
export function authSecret(sessionSecret: string): string {
  return deriveKey(sessionSecret, "next-auth").toString("hex");
}

/**
 * While a rotation is under way a form may come back to a dyno with other secrets than the one that made it:
 * the secret that made its CSRF cookie is taken, where it is one of ours.
 */
export function secretOfCsrfCookie(cookie: string, secrets: readonly string[]): string | undefined {
  const [token, hash] = cookie.split("|");
  return secrets
    .map(authSecret)
    .find((secret) => hash === createHash("sha256").update(`${token}${secret}`).digest("hex"));
}
