import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from "node:crypto";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const POOLED_IVS = 256;
const sealKeys = new Map<string, KeyObject>();

/** Derives a 32-byte key for one purpose by HKDF (RFC 5869): the key that seals sessions does not sign CSRF tokens. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `sessions-across-dynos ${purpose}`, 32));
}

/** A KeyObject, because Node takes four times as long to seal with the same key as a Buffer. */
function sealKey(secret: string): KeyObject {
  const known = sealKeys.get(secret);
  if (known) return known;
  const key = createSecretKey(deriveKey(secret, "session data"));
  sealKeys.set(secret, key);
  return key;
}

/** Returns random bytes, each used once. Drawn for many seals at a time, because each draw costs about as much as a seal. */
export function ivSource(bytes: number): () => Buffer {
  const pool = Buffer.alloc(bytes * POOLED_IVS);
  let left = 0;
  return () => {
    if (left === 0) {
      randomFillSync(pool);
      left = POOLED_IVS;
    }
    left -= 1;
    return pool.subarray(left * bytes, (left + 1) * bytes);
  };
}

const newIv = ivSource(IV_BYTES);

/** Seals by AES-256-GCM. `boundTo` is authenticated too: a record that is copied to another key does not open. */
export function seal(text: string, secret: string, boundTo: string): string {
  const iv = newIv();
  const cipher = createCipheriv("aes-256-gcm", sealKey(secret), iv);
  cipher.setAAD(Buffer.from(boundTo));
  const sealed = [iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString("base64url");
}

/** Opens a seal. null where it was tampered with, sealed with another secret or for another record, or is not a seal. */
export function open(sealed: string, secret: string, boundTo: string): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", sealKey(secret), bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
