import { hash, randomBytes } from "node:crypto";

const SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, as 43 characters of base64url. */
export function newId(): string {
  return randomBytes(32).toString("base64url");
}

/** Everything else (too long, a NUL, a path, a query) is turned away before any store hears of it. */
export function isId(value: string): boolean {
  return SHAPE.test(value);
}

/** What a store looks a session up by: whoever reads the store holds no usable cookie. */
export function storeKey(id: string): string {
  return hash("sha256", id, "hex");
}

/** Identifies a session without being able to open it; hashed under its own label, so it is no store key. */
export function fingerprint(id: string): string {
  return hash("sha256", `fingerprint:${id}`, "hex").slice(0, 16);
}
