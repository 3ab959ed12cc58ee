import { hash, randomBytes } from "node:crypto";

const SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, as 43 characters of base64url. OWASP ASVS 7.2.3 asks for at least 128. */
export function newId(): string {
  return randomBytes(32).toString("base64url");
}

/** Any other value (too long, a NUL, a path, a query) is refused before a store sees it. */
export function isId(value: string): boolean {
  return SHAPE.test(value);
}

/** The key of a session in its store. A reader of the store gets no usable cookies. */
export function storeKey(id: string): string {
  return hash("sha256", id, "hex");
}

/**
 * Identifies a session without opening it: 64 bits, of its key under another label. By the key, because a listed session
 * is known by nothing else.
 */
export function fingerprint(key: string): string {
  return hash("sha256", `fingerprint:${key}`, "hex").slice(0, 16);
}
