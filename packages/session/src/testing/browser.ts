import { AsyncLocalStorage } from "node:async_hooks";
import { NextRequest } from "next/server.js";
import type { AuthFields } from "../auth/options.ts";
import { ENDED_COOKIE, SESSION_COOKIE, type SessionConfig } from "../config.ts";
import type { Strategy } from "../contract.ts";
import type { RequestScope } from "../next/request-scope.ts";
import type { AppSession } from "../session/app-session.ts";
import { type Sessions, sessions } from "../sessions.ts";
import { testJar } from "./rig.ts";

export interface TestFields extends AuthFields {
  visits?: number;
  note?: string;
}

/** The answer to one request: nothing of it has reached the browser until `arrive`. */
interface Answer {
  response: Response;
  /** What was sent for the session cookie: a value, null for "delete it", undefined for nothing. */
  sessionCookie: string | null | undefined;
  storeTrips: number;
  arrive(): void;
}

interface TestApp extends Sessions<TestFields> {
  /** Runs `work` in the request that `scope` stands for. */
  inRequest<T>(scope: RequestScope, work: () => Promise<T>): Promise<T>;
}

const HOST = "app.example";

/** An app on one strategy, and next-auth's route in it, without Next around. */
export function testApp(strategy: Strategy, config: () => SessionConfig): TestApp {
  const scopes = new AsyncLocalStorage<RequestScope>();
  const app = sessions<TestFields>(strategy, config, async () => {
    const scope = scopes.getStore();
    if (!scope) throw new Error("outside of a request");
    return scope;
  });
  return {
    ...app,
    inRequest: <T>(scope: RequestScope, work: () => Promise<T>) => scopes.run(scope, work),
  };
}

/** One visitor, with cookies, who may meet another app (another dyno) with each request. */
export function testBrowser() {
  const cookies = new Map<string, string>();

  /** Runs `work` as a request of this browser; its cookies are those of now, whenever the answer comes. */
  async function request<T>(app: TestApp, work: () => Promise<T>) {
    const jar = testJar(cookies.get(SESSION_COOKIE), cookies.get(ENDED_COOKIE));
    let sent: string | null | undefined;
    let marker: string | undefined;
    const scope: RequestScope = {
      meter: { roundTrips: 0, milliseconds: 0 },
      jar: {
        ...jar,
        async set(value) {
          sent = value;
        },
        async delete() {
          sent = null;
        },
        ended: {
          ...jar.ended,
          async set(value) {
            marker = value;
          },
        },
      },
    };
    const result = await app.inRequest(scope, work);
    const arrive = () => {
      if (sent === null) cookies.delete(SESSION_COOKIE);
      else if (sent !== undefined) cookies.set(SESSION_COOKIE, sent);
      if (marker !== undefined) cookies.set(ENDED_COOKIE, marker);
    };
    return { result, sessionCookie: sent, storeTrips: scope.meter.roundTrips, arrive };
  }

  /** A request to next-auth's route. */
  async function auth(
    app: TestApp,
    path: string,
    {
      form,
      headers = {},
    }: { form?: Record<string, string>; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const init = form
      ? { method: "POST", body: new URLSearchParams(form).toString() }
      : { method: "GET" };
    const url = `https://${HOST}/api/auth/${path}`;
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const all = { host: HOST, "x-forwarded-proto": "https", cookie, ...(form && type), ...headers };
    const nextRequest = new NextRequest(url, { ...init, headers: all });
    const nextauth = new URL(url).pathname.split("/").slice(3);
    const params = Promise.resolve({ nextauth });
    const answer = await request(app, () => app.auth(nextRequest, { params }));
    const arrive = () => {
      answer.arrive();
      for (const line of answer.result.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        const [name = "", value = ""] = pair.split("=");
        if (/max-age=0/i.test(line)) cookies.delete(name);
        else cookies.set(name, decodeURIComponent(value));
      }
    };
    return { ...answer, response: answer.result, arrive };
  }

  async function get(app: TestApp, path: string) {
    const answer = await auth(app, path);
    answer.arrive();
    return answer.response.json();
  }

  /** Fills in the form at next-auth's own page, and sends it. */
  async function submit(app: TestApp, path: string, form: Record<string, string>, headers = {}) {
    const { csrfToken } = await get(app, "csrf");
    const answer = await auth(app, path, { form: { ...form, csrfToken }, headers });
    answer.arrive();
    return answer;
  }

  return {
    cookies,
    auth,
    csrfToken: async (app: TestApp): Promise<string> => (await get(app, "csrf")).csrfToken,
    whoAmI: (app: TestApp) => get(app, "session"),
    signIn: (app: TestApp, name: string, headers = {}) =>
      submit(app, "callback/credentials", { name }, headers),
    signOut: (app: TestApp) => submit(app, "signout", {}),
    /** What a page or a handler of the app does with `getSession()`. */
    async visit<T>(app: TestApp, work: (session: AppSession<TestFields>) => Promise<T>) {
      const answer = await request(app, async () => work(await app.getSession()));
      answer.arrive();
      return answer.result;
    },
  };
}
