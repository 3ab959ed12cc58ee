const MAX_CHARACTERS = 1_000;

/**
 * The one way into the log. Line breaks and other control characters become blanks, and a long text is cut: what
 * a client sent may stand in a message, and must not forge a line (OWASP ASVS 16.4.1).
 */
export function log(level: "warn" | "error", text: string): void {
  console[level](text.slice(0, MAX_CHARACTERS).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " "));
}
