import { createHmac } from "node:crypto";
import { deriveKey } from "./seal.ts";

const keys = new Map<string, Buffer>();

/**
 * What a store knows of a user: HMAC-SHA-256 of the id, in hex, under a key for this purpose. A plain hash would not do,
 * because the ids of users can be guessed.
 */
export function ownerHash(userId: string, secret: string): string {
  const key = keys.get(secret) ?? deriveKey(secret, "session owner");
  keys.set(secret, key);
  return createHmac("sha256", key).update(userId).digest("hex");
}
