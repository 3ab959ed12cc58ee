import { createCipheriv, createHmac, type KeyObject } from "node:crypto";
import { ivSource } from "@repo/session/strategy";

const newIv = ivSource(16);

/**
 * Seals as iron-session does with a key, at a sixth of the CPU time: iron-session calls Web Crypto four times, each of which
 * waits for another thread (decisions/016). The format is
 * `Fe26.2*1**<iv>*<text by AES-256-CBC>*<end>**<HMAC-SHA-256 of all before it>~2`. Opening is left to iron-session, so a
 * mistake here makes a seal that does not open, and never one that should not.
 *
 * @param key 32 bytes
 * @param expiresAt milliseconds since 1970
 */
export function seal(text: string, key: KeyObject, expiresAt: number): string {
  const iv = newIv();
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const signed = `Fe26.2*1**${iv.toString("base64url")}*${encrypted.toString("base64url")}*${expiresAt}`;
  const signature = createHmac("sha256", key).update(signed).digest("base64url");
  return `${signed}**${signature}~2`;
}
