import http, {
  type CookieJar,
  type RefinedParams,
  type RefinedResponse,
  type RequestBody,
} from "k6/http";
import { recordAffinity, recordFailure, recordResponse } from "../evidence.ts";
import { record } from "../history.ts";
import { baseUrl } from "../options.ts";
import type { AppResponse, SendOptions, Session } from "./types.ts";

/** Browsers drop a cookie whose name and value are longer: RFC 6265bis, section 5.7. */
export const COOKIE_BYTES = 4_096;

const origin = /^https?:\/\/[^/]+/.exec(baseUrl)?.[0] ?? baseUrl;

/**
 * Sends one request as a browser does; every request of a scenario goes through here. Without a jar it brings no
 * cookies but those in `headers`.
 */
export async function send(
  method: string,
  path: string,
  options: SendOptions = {},
): Promise<AppResponse> {
  const { jar = new http.CookieJar(), body, accept = [] } = options;
  const headers: Record<string, string> = {};
  if (typeof body === "string") headers["content-type"] = "application/json";
  if (method !== "GET") headers.origin = origin;
  Object.assign(headers, options.headers);
  const params: RefinedParams<"text"> = { jar, headers, redirects: 0, timeout: "35s" };
  params.tags = { name: path };
  const before = jar.cookiesForURL(baseUrl + path);
  const start = Date.now();
  const response = await http.asyncRequest(method, baseUrl + path, body ?? null, params);
  dropLargeCookies(response, jar, before);
  const header = (name: string) => response.headers[canonical(name)] ?? "";
  const ok = isAnswered(response.status, accept);
  const dyno = header("x-dyno");
  const boot = header("x-boot-id");
  recordResponse(ok, dyno ? { dyno, boot } : undefined);
  if (!ok) recordFailure(method, path, response.status);
  if (Object.keys(response.cookies).some((name) => /affinity/i.test(name))) recordAffinity();
  const text = response.body ?? "";
  const session = path === "/api/session" ? sessionIn(text) : null;
  const refused = method === "POST" && /[?&](?:error|csrf)=/.test(`${text} ${header("location")}`);
  record({
    ...options,
    ...{
      method,
      path,
      note: options.note ?? noteIn(body),
      start,
      end: Date.now(),
      status: response.status,
    },
    ...{ dyno, boot, text, session },
    refused,
    cookiesSent: valuesOf(response.request.cookies),
    cookiesSet: valuesOf(response.cookies),
  });
  return {
    status: response.status,
    ok,
    dyno,
    boot,
    sessionOutcome: header("x-session"),
    cookieBytes: Math.max(0, ...Object.values(response.cookies).flat().map(bytesOf)),
    text,
    refused,
    ms: response.timings.duration,
    header,
    json: () => parse(text),
    session: () => session,
  };
}

/** All cookies of a jar as one `Cookie` header, as someone who copied them would send it. */
export function copyCookies(jar: CookieJar): string {
  return Object.entries(jar.cookiesForURL(`${baseUrl}/`))
    .map(([name, [value]]) => `${name}=${value}`)
    .join("; ");
}

/** k6 keeps cookies of any length. A browser drops one that is too large, and keeps what it had. */
function dropLargeCookies(
  { cookies }: RefinedResponse<"text">,
  jar: CookieJar,
  before: Record<string, string[]>,
): void {
  for (const [name, [cookie]] of Object.entries(cookies)) {
    if (!cookie || bytesOf(cookie) <= COOKIE_BYTES) continue;
    // Of the path "/", as nearly all cookies are: k6 takes it from the address.
    jar.delete(`${baseUrl}/`, name);
    const value = before[name]?.[0];
    if (value !== undefined) jar.set(`${baseUrl}/`, name, value, { path: "/" });
  }
}

const bytesOf = ({ name, value }: { name: string; value: string }) => name.length + value.length;

function isAnswered(status: number, accept: number[] | "any"): boolean {
  if (status === 0) return false;
  return status < 400 || accept === "any" || accept.includes(status);
}

function noteIn(body: RequestBody | undefined): string | undefined {
  const note = typeof body === "string" ? parse(body)?.note : undefined;
  return typeof note === "string" ? note : undefined;
}

function valuesOf(cookies: Record<string, { value: string }[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cookies).map(([name, [first]]) => [name, first?.value ?? ""]),
  );
}

/** Another route may have a `session` of another shape. What an app leaves out is as good as empty. */
function sessionIn(text: string): Session | null {
  const session = parse(text)?.session as Partial<Session> | null | undefined;
  if (!session) return null;
  const { fingerprint = "", visits = 0, note = null, user = null } = session;
  return { ...session, fingerprint, visits, note, user };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** k6 spells header names as Go does: `X-Boot-Id`. */
function canonical(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (letters) => letters.toUpperCase());
}
