import { Readable } from "node:stream";
import { CookieJar } from "tough-cookie";
import { Agent, request } from "undici";

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  /** The `Set-Cookie` lines. */
  cookies: string[];
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  json: any;
}

export interface Sending {
  headers?: Record<string, string>;
  body?: string | Iterable<Uint8Array>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a form does. */
  form?: Record<string, string>;
  /** Instead of what the jar has. */
  cookie?: string;
}

/** The local router's certificate is its own. */
const agent = new Agent({ connect: { rejectUnauthorized: false } });

/** A browser as far as cookies go: strict about their prefixes and attributes. */
export function newVisitor(baseUrl: string) {
  const jar = new CookieJar(undefined, { prefixSecurity: "strict" });
  // Behind a router that ends TLS the browser sees https, whatever the server itself speaks.
  const origin = baseUrl.replace(/^http:/, "https:");

  /** Sends without keeping the cookies that come back. */
  async function peek(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const { json, form, body, cookie = await jar.getCookieString(origin + path) } = sending;
    const type =
      json !== undefined ? "application/json" : form && "application/x-www-form-urlencoded";
    const content =
      json !== undefined ? JSON.stringify(json) : form && String(new URLSearchParams(form));
    const response = await request(baseUrl + path, {
      method: method as "GET",
      dispatcher: agent,
      headers: {
        ...(cookie && { cookie }),
        ...(type && { "content-type": type }),
        ...sending.headers,
      },
      body:
        body === undefined || typeof body === "string"
          ? (body ?? content ?? null)
          : Readable.from(body),
    });
    const { "set-cookie": setCookie = [], ...headers } = response.headers;
    const text = await response.body.text();
    return {
      status: response.statusCode,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value && String(value)]),
      ),
      cookies: [setCookie].flat(),
      text,
      json: /json/.test(String(headers["content-type"])) && text ? JSON.parse(text) : undefined,
    };
  }

  async function keep({ cookies }: Answer): Promise<void> {
    for (const line of cookies) await jar.setCookie(line, origin);
  }

  async function send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const answer = await peek(method, path, sending);
    await keep(answer);
    return answer;
  }

  const form = async (path: string, fields: Record<string, string>) => {
    const csrf = await send("GET", "/api/auth/csrf");
    const { csrfToken } = csrf.json;
    return send("POST", path, { form: { csrfToken, json: "true", callbackUrl: "/", ...fields } });
  };

  return {
    jar,
    peek,
    keep,
    send,
    get: (path: string, sending?: Sending) => send("GET", path, sending),
    /** JSON in pieces, without saying how long it is. */
    sendChunked: (method: string, path: string, text: string) => {
      const pieces = text.match(/[\s\S]{1,10000}/g) ?? [];
      const headers = { "content-type": "application/json" };
      return send(method, path, { headers, body: pieces.map((piece) => Buffer.from(piece)) });
    },
    visit: (note?: string) =>
      send("POST", "/api/session", note === undefined ? {} : { json: { note } }),
    session: async () => (await send("GET", "/api/session")).json.session,
    signIn: (name: string) => form("/api/auth/callback/credentials", { name }),
    signOut: () => form("/api/auth/signout", {}),
    /** `name=value` of the session cookie, as this visitor would send it. */
    sessionCookie: async () => {
      const all = await jar.getCookies(`${origin}/`);
      return all.find(({ key }) => key === "__Host-session")?.cookieString() ?? "";
    },
  };
}

export type Visitor = ReturnType<typeof newVisitor>;
