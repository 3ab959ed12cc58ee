import type { Entry } from "./admission.ts";
import { affinityCookie } from "./affinity.ts";
import type { Backend } from "./backends.ts";
import { connectionNames, LINE_LIMIT_BYTES, VIA } from "./request-headers.ts";

const NOT_PASSED_ON = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

export type ResponseHead = {
  /** Name, value, name, value… */
  headers: string[];
  /** A cookie that Heroku would refuse to pass on (H25). */
  oversizedCookie: boolean;
};

/**
 * The dyno's answer without what belongs to its connection with the router, with a cookie for session affinity where
 * the client has none for this dyno. Bytes stay what they are: Latin 1.
 */
export function responseHead(
  raw: readonly (Buffer | string)[],
  { record, affinity, token }: Entry,
  backend: Backend,
): ResponseHead {
  const headers: string[] = [];
  let oversizedCookie = false;
  let connection: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = latin1(raw[i]);
    const lower = name.toLowerCase();
    const value = latin1(raw[i + 1]);
    if (lower === "connection") connection = value.toLowerCase();
    if (NOT_PASSED_ON.has(lower)) continue;
    if (lower === "x-session") record.session = value;
    if (lower === "set-cookie" && name.length + 2 + value.length > LINE_LIMIT_BYTES) {
      oversizedCookie = true;
    }
    headers.push(name, value);
  }
  const dropped = connectionNames(connection);
  if (dropped) dropNames(headers, dropped);
  headers.push("Via", VIA);
  if (affinity && token !== backend.token) {
    headers.push("Set-Cookie", affinityCookie(backend, record.secure));
  }
  return { headers, oversizedCookie };
}

function latin1(text: Buffer | string | undefined): string {
  return typeof text === "string" ? text : (text?.toString("latin1") ?? "");
}

function dropNames(headers: string[], names: Set<string>) {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (names.has((headers[i] as string).toLowerCase())) headers.splice(i, 2);
  }
}
