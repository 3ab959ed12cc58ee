import { sleep } from "k6";
import http, { type CookieJar, type RefinedParams, type RefinedResponse } from "k6/http";
import { routedSoFar } from "../evidence.ts";
import { sessionCookieNames } from "../history.ts";
import { baseUrl, signInOption } from "../options.ts";
import type { Scenario } from "../scenarios.ts";
import { lacking, type Routes } from "./routes.ts";

/** An app that has just started may miss a request. */
const TRIES = 4;

const sessionUrl = `${baseUrl}/api/session`;
const NOTE = "a note";

export interface Checked {
  app: string;
  /** A name for the clock of this k6 process, for histories of several. */
  runner: string;
  /** Their names. */
  sessionCookies: string[];
  /** Why the app cannot list the sessions of a user, in its own words. */
  cannotList?: string;
  /** Why this scenario cannot be asked of this app. */
  problem?: string;
  routes: Routes;
  /** What the local router had passed to each dyno by then; absent without one. */
  routed?: Record<string, number> | undefined;
}

/** k6's `setup`: checks what of SPEC.md the app serves, and that its cookies come back. */
export function checkApp(scenario: Scenario): Checked {
  let checked = check(scenario);
  for (let again = 1; checked.problem && again < TRIES; again++) {
    // What an app does not have it will not have in a moment either.
    if (checked.problem.startsWith("not applicable")) break;
    sleep(0.3);
    checked = check(scenario);
  }
  return { ...checked, runner: Math.random().toString(36).slice(2, 10), routed: routedSoFar() };
}

type Answer = Omit<Checked, "runner">;

function check(scenario: Scenario): Answer {
  const jar = new http.CookieJar();
  const response = ask("POST", sessionUrl, jar, JSON.stringify({ note: NOTE }));
  if (response.status === 0) return problem(`${baseUrl} does not answer: ${response.error}`);
  // An app may have a sign-in only.
  const counter = response.status !== 404 && response.status !== 405;
  if (counter && response.status >= 300)
    return problem(`POST ${sessionUrl} answers ${response.status}`);
  const body = counter ? parse(response.body) : {};
  const session = body?.session as { visits?: number; note?: string } | null | undefined;
  if (counter && !session)
    return problem(`POST ${sessionUrl} does not answer with the body of SPEC.md`);
  const cookies = counter ? cookieProblem(response, jar) : undefined;
  if (cookies) return problem(cookies);
  const plain = ask("GET", `${baseUrl}/api/plain`);
  const page = ask("GET", `${baseUrl}/`);
  const list = ask("GET", `${baseUrl}/api/sessions`);
  const routes: Routes = {
    counter: typeof session?.visits === "number",
    note: session?.note === NOTE,
    baseline: plain.status === 200 ? "/api/plain" : "/api/session",
    page: page.status === 200 && (page.headers["Content-Type"] ?? "").startsWith("text/html"),
    readyz: ask("GET", `${baseUrl}/readyz`).status === 200,
    dyno: [response, plain, page].some(({ headers }) => headers["X-Dyno"]),
    sessions: list.status === 401 || list.status === 501,
    signIn: signInOption ?? findSignIn(),
  };
  const lack = lacking(scenario, routes);
  const sessionCookies = counter ? sessionCookieNames(Object.keys(response.cookies)) : [];
  return {
    app: String(body?.app ?? ""),
    sessionCookies,
    routes,
    ...(list.status === 501 ? { cannotList: String(parse(list.body)?.detail ?? "") } : {}),
    ...(lack ? { problem: lack } : {}),
  };
}

function cookieProblem(response: RefinedResponse<"text">, jar: CookieJar): string | undefined {
  const set = Object.values(response.cookies).flatMap((cookies) => cookies[0] ?? []);
  if (set.length === 0) return `POST ${sessionUrl} sets no cookie, so no session can follow`;
  const kept = jar.cookiesForURL(sessionUrl);
  const refused = set.find(({ name, secure }) => secure && kept[name] === undefined);
  if (refused)
    return `the cookie ${refused.name} is Secure, so clients send it over https only: give an https BASE_URL`;
}

/** Routes by which next-auth and better-auth give themselves away. */
function findSignIn(): string | null {
  if (parse(ask("GET", `${baseUrl}/api/auth/csrf`).body)?.csrfToken) return "next-auth";
  if (parse(ask("GET", `${baseUrl}/api/auth/ok`).body)?.ok === true) return "better-auth";
  return null;
}

function ask(method: string, url: string, jar = new http.CookieJar(), body: string | null = null) {
  const params: RefinedParams<"text"> = {
    jar,
    headers: body === null ? {} : { "content-type": "application/json" },
    redirects: 0,
    timeout: "35s",
    responseType: "text",
  };
  return http.request(method, url, body, params);
}

function problem(text: string): Answer {
  const nothing = {
    ...{ counter: false, note: false, page: false },
    ...{ readyz: false, dyno: false, sessions: false },
  };
  return {
    app: "",
    problem: text,
    sessionCookies: [],
    routes: { ...nothing, baseline: "", signIn: null },
  };
}

function parse(body: string | null): Record<string, unknown> | null | undefined {
  try {
    return JSON.parse(body ?? "");
  } catch {
    return undefined;
  }
}
