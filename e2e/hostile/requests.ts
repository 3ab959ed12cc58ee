import type { Random } from "@repo/session/testing";
import { type CookieHeader, hostileCookies } from "./cookie-headers.ts";

export interface HostileRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
  cookie: CookieHeader;
}

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
const ODD_METHODS = ["TRACE", "PROPFIND", "MKCOL", "REPORT", "QUERY", "PURGE", "LINK", "SEARCH"];
const PATHS = [
  "/",
  "/?refused",
  "/api/session",
  "/api/plain",
  "/healthz",
  "/readyz",
  "/source",
  "/icon.svg",
  "/nowhere",
  "/api/auth/session",
  "/api/auth/csrf",
  "/api/auth/providers",
  "/api/auth/signin",
  "/api/auth/signin/credentials",
  "/api/auth/signin/github",
  "/api/auth/signout",
  "/api/auth/error",
  "/api/auth/verify-request",
  "/api/auth/callback/credentials",
  "/api/auth/callback/github",
  "/api/auth/callback/nobody",
  "/api/auth/_log",
  "/api/auth",
];
/** The page costs the most, so it is asked the least. */
const SHOW_SESSION = [
  "/api/session",
  "/api/session",
  "/api/auth/session",
  "/api/auth/session",
  "/",
];
const TAILS = [
  "",
  "",
  "",
  "",
  "/",
  "//",
  "/..",
  "/%2e%2e/x",
  "%",
  "%ff",
  "%00",
  "%E0%A4%A",
  ";a=b",
  "?",
  "?callbackUrl=http://[",
  "?callbackUrl=/%0d%0aX",
  "?callbackUrl=https://evil.example/",
  "?callbackUrl=%E2%9C%93&callbackUrl[]=x",
  "?error=%3Cscript%3E&provider=__proto__",
  "?error=CredentialsSignin",
  "?code=x&state=y",
  "?_rsc=x",
  "?__proto__=x&nextauth=signout&nxtPnextauth=signout",
  `?x=${"a".repeat(3_000)}`,
];

/** Each is one odd thing that a client may say. */
const ODD_HEADERS: Record<string, string>[] = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "://" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "\u00ff" },
  { "x-forwarded-host": "evil.example" },
  { "x-forwarded-host": "[" },
  { "x-forwarded-proto": "javascript" },
  { "x-forwarded-for": "x".repeat(500) },
  { "x-middleware-subrequest": "src/proxy:src/proxy:src/proxy:src/proxy:src/proxy" },
  { "x-middleware-rewrite": "/api/session" },
  { "x-middleware-next": "1" },
  { "x-foreign-method": "TRACE" },
  { "x-http-method-override": "DELETE" },
  { "next-action": "x" },
  { "next-action": "0".repeat(42) },
  { rsc: "1", "next-router-state-tree": "%5B%22" },
  { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" },
  { "next-url": "//evil.example" },
  { accept: "\u00ff/\u00ff;q=x" },
  { "accept-encoding": "gzip;q=nan, br, *" },
  { "accept-language": "-".repeat(300) },
  { range: "bytes=9-1,0-" },
  { "if-none-match": "*" },
  { "if-modified-since": "never" },
  { authorization: "Basic \u00ff" },
  { "user-agent": "" },
  { purpose: "prefetch" },
];

const BODIES: [type: string, body: string][] = [
  ["", "x"],
  ["application/json", ""],
  ["application/json", "{"],
  ["application/json", "null"],
  ["application/json", '{"note":{"$ne":1}}'],
  ["application/json", '{"note":"x","__proto__":{"user":{"name":"Eve"}},"user":{"name":"Eve"}}'],
  ["application/json", '{"name":5,"csrfToken":[],"callbackUrl":{},"json":true}'],
  ["application/json", `{"note":"${"x".repeat(100_000)}"}`],
  ["application/json; charset=utf-16", '{"note":"x"}'],
  ["application/x-www-form-urlencoded", "name=Eve&csrfToken=x&callbackUrl=http://["],
  ["application/x-www-form-urlencoded", "level=warn&code=X%0AFORGED&__proto__=x&a[b]=c&%"],
  ["multipart/form-data", "x"],
  ["multipart/form-data; boundary=", "x"],
  ["multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n\r\ny"],
  [
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\ny\r\n--x--\r\n',
  ],
  [
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="$ACTION_REF_1"\r\n\r\n\r\n--x\r\nContent-Disposition: form-data; name="$ACTION_1:0"\r\n\r\n{"id":"x","bound":"$@1"}\r\n--x--\r\n',
  ],
  ["text/plain;charset=UTF-8", '["$K1"]'],
  ["\u00ff", "x"],
];

/** One request: hostile cookies always, and often an odd method, address, header or body. */
export function hostileRequest(
  random: Random,
  real: readonly string[],
  foreign: readonly string[],
): HostileRequest {
  const cookie = hostileCookies(random, real, foreign);
  // A session that is really carried may be read; a write would be its holder's own.
  const isRead = cookie.carries !== null || random.chance(0.5);
  const method = isRead ? "GET" : random.pick(random.chance(0.3) ? ODD_METHODS : METHODS);
  // Half of them go where a session is shown, so that what is opened is seen.
  const paths = random.chance(0.5) ? SHOW_SESSION : PATHS;
  const hasBody = !["GET", "HEAD", "OPTIONS", "TRACE"].includes(method) && random.chance(0.8);
  const [type, body] = hasBody ? random.pick(BODIES) : ["", null];
  return {
    method,
    path: random.pick(paths) + random.pick(TAILS),
    headers: {
      ...(random.chance(0.5) && random.pick(ODD_HEADERS)),
      ...(type && { "content-type": type }),
      cookie: cookie.text,
    },
    body,
    cookie,
  };
}
