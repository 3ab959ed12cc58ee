import http, { type CookieJar, type RefinedParams } from "k6/http";
import { affinity, answer } from "./evidence.ts";
import { baseUrl } from "./options.ts";

/** The part of SPEC.md's body that the scripts read. */
export interface Session {
  fingerprint: string;
  visits: number;
  note: string | null;
  user: { name: string } | null;
}

export interface Answer {
  status: number;
  /** Below 400, or a status that the question reckons with. */
  ok: boolean;
  dyno: string;
  boot: string;
  /** The `x-session` header: none, found, lost. */
  state: string;
  text: string;
  ms: number;
  header(name: string): string;
  /** Undefined where the answer is not JSON. */
  json(): Record<string, unknown> | undefined;
  session(): Session | null;
}

export interface Sending {
  jar?: CookieJar;
  body?: string;
  headers?: Record<string, string>;
  /** Statuses from 400 on that are an answer too. */
  accept?: number[] | "any";
}

const json: Record<string, string> = { "content-type": "application/json" };
const origin = /^https?:\/\/[^/]+/.exec(baseUrl)?.[0] ?? baseUrl;

/** One request as a browser sends it. Without a jar it brings no cookies but those in `headers`. */
export async function send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
  const { jar = new http.CookieJar(), body, accept = [] } = sending;
  const headers: Record<string, string> = { ...(body === undefined ? {} : json) };
  if (method !== "GET") headers.origin = origin;
  Object.assign(headers, sending.headers);
  const params: RefinedParams<"text"> = { jar, headers, redirects: 0, timeout: "35s" };
  params.tags = { name: path };
  const response = await http.asyncRequest(method, baseUrl + path, body ?? null, params);
  const header = (name: string) => response.headers[canonical(name)] ?? "";
  const ok = isAnswer(response.status, accept);
  const dyno = header("x-dyno");
  const boot = header("x-boot-id");
  answer(ok, dyno || boot ? { dyno, boot } : undefined);
  if (Object.keys(response.cookies).some((name) => /affinity/i.test(name))) affinity();
  const text = response.body ?? "";
  return {
    status: response.status,
    ok,
    dyno,
    boot,
    state: header("x-session"),
    text,
    ms: response.timings.duration,
    header,
    json: () => parse(text),
    session: () => (parse(text)?.session as Session | null | undefined) ?? null,
  };
}

function isAnswer(status: number, accept: number[] | "any"): boolean {
  if (status === 0) return false;
  return status < 400 || accept === "any" || accept.includes(status);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** k6 hands headers over as Go spells them: `X-Boot-Id`. */
function canonical(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (letters) => letters.toUpperCase());
}
