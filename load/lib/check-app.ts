import { sleep } from "k6";
import http, { type RefinedParams } from "k6/http";
import { baseUrl } from "./options.ts";

/** An app that has just started may miss a request. */
const TRIES = 4;

export interface Checked {
  app: string;
  /** Why this app cannot be measured. */
  problem?: string;
}

/** k6's `setup`: checks that the app answers as SPEC.md says, and that its cookies come back. */
export function checkApp(): Checked {
  let checked = check();
  for (let again = 1; checked.problem && again < TRIES; again++) {
    sleep(0.3);
    checked = check();
  }
  return checked;
}

function check(): Checked {
  const url = `${baseUrl}/api/session`;
  const jar = new http.CookieJar();
  const headers = { "content-type": "application/json" };
  const params: RefinedParams<"text"> = {
    jar,
    headers,
    redirects: 0,
    timeout: "35s",
    responseType: "text",
  };
  const response = http.post(url, "{}", params);
  if (response.status === 0) return problem(`${baseUrl} does not answer: ${response.error}`);
  if (response.status >= 300) return problem(`POST ${url} answers ${response.status}`);
  if (!response.headers["X-Dyno"] && !response.headers["X-Boot-Id"])
    return problem(`${baseUrl} does not say which dyno answers: add the header x-dyno`);
  const app = appOf(response.body);
  if (app === undefined) return problem(`POST ${url} does not answer with the body of SPEC.md`);
  const set = Object.values(response.cookies).flatMap((cookies) => cookies[0] ?? []);
  if (set.length === 0) return problem(`POST ${url} sets no cookie, so no session can follow`);
  const kept = jar.cookiesForURL(url);
  const refused = set.find(({ name, secure }) => secure && kept[name] === undefined);
  if (refused)
    return problem(
      `the cookie ${refused.name} is Secure, so clients send it over https only: give an https BASE_URL`,
    );
  return { app };
}

function problem(text: string): Checked {
  return { app: "", problem: text };
}

function appOf(body: string | null): string | undefined {
  try {
    const { app, session } = JSON.parse(body ?? "");
    return session ? String(app ?? "") : undefined;
  } catch {
    return undefined;
  }
}
