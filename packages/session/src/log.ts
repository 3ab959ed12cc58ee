const MAX_CHARACTERS = 1_000;

/**
 * Writes one line to the log. Replaces line breaks and other control characters, and cuts long text: a message may contain
 * what a client sent, which must not forge a line (OWASP ASVS 16.4.1).
 */
export function log(level: "warn" | "error", text: string): void {
  console[level](text.slice(0, MAX_CHARACTERS).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " "));
}
