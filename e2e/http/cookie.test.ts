import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";

const NAME = "__Host-session";
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Cookies that somebody may bring, and that are no session anywhere. */
const strange = {
  empty: "",
  "a word": "made-up",
  "a path": "../../../../etc/passwd",
  "a query": "' OR 1=1 --",
  "a percent-encoded NUL": "%00abc",
  "an id that nobody was given": "A".repeat(43),
  "a key as a store would have it": "a".repeat(64),
  "a seal without its parts": "Fe26.2*1*a*b*c*d*e*f~2",
  "a JSON Web Token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
  "more than a cookie can hold": "x".repeat(7_000),
  quotes: '"abc"',
};

eachApp(({ visitor }) => {
  test("the cookie has every attribute that keeps it safe, and a strict client takes it", async () => {
    const ada = visitor();
    const { cookies } = await ada.visit();
    expect(cookies).toHaveLength(1);
    const [pair = "", ...attributes] = (cookies[0] ?? "").split("; ");
    expect(pair).toMatch(/^__Host-session=[\w*~.-]+$/);
    const lower = attributes.map((attribute) => attribute.toLowerCase());
    expect(lower).toEqual(expect.arrayContaining(["httponly", "secure", "samesite=lax", "path=/"]));
    expect(lower.some((attribute) => attribute.startsWith("domain"))).toBe(false);
    const maxAge = Number(lower.find((each) => each.startsWith("max-age="))?.slice(8));
    expect(maxAge).toBeGreaterThan(24 * 60 * 60);
    expect(pair.length).toBeLessThanOrEqual(3_933 + NAME.length + 1);
    expect(await ada.sessionCookie()).toBe(pair);
  });

  test("reading sets no cookie, and neither does a write of what is there already", async () => {
    const ada = visitor();
    await ada.visit();
    for (const path of ["/", "/api/session", "/api/plain", "/api/auth/session"]) {
      const { cookies } = await ada.get(path);
      expect(cookies.filter((line) => line.startsWith(NAME))).toEqual([]);
    }
  });

  test.each(Object.entries(strange))(
    "a cookie with %s is no session and no error",
    async (_, value) => {
      const ada = visitor();
      const cookie = `${NAME}=${value}`;
      const read = await ada.peek("GET", "/api/session", { cookie });
      expect([read.status, read.json.session]).toEqual([200, null]);
      expect(read.headers["x-session"]).toBe(value === "" ? "none" : "lost");
      expect((await ada.peek("GET", "/", { cookie })).status).toBe(200);
      expect((await ada.peek("GET", "/api/auth/session", { cookie })).json).toEqual({});
      const visit = await ada.peek("POST", "/api/session", { cookie });
      expect([visit.status, visit.json.session.visits]).toEqual([200, 1]);
      expect(visit.cookies[0]).not.toContain(`=${value || "nothing"};`);
    },
  );

  test("an id that the client made up is never taken", async () => {
    const ada = visitor();
    const made = `${NAME}=${"A".repeat(43)}`;
    const { cookies } = await ada.peek("POST", "/api/session", { cookie: made });
    expect(cookies[0]).not.toContain(made);
    expect((await ada.peek("GET", "/api/session", { cookie: made })).json.session).toBeNull();
  });

  test("a cookie that was tampered with anywhere is no session", async () => {
    const ada = visitor();
    await ada.visit();
    const cookie = await ada.sessionCookie();
    const start = NAME.length + 1;
    const last = /~\d$/.test(cookie) ? cookie.length - 3 : cookie.length - 1;
    const middle = Math.floor((start + cookie.length) / 2);
    const places = [start, start + 20, middle, last - 1];
    for (const at of places) {
      const other = cookie[at] === "A" ? "B" : "A";
      const tampered = cookie.slice(0, at) + other + cookie.slice(at + 1);
      const { json } = await ada.peek("GET", "/api/session", { cookie: tampered });
      expect(json.session).toBeNull();
    }
    // The last character of base64url has bits to spare: others may decode to the same bytes.
    for (const other of BASE64URL.replace(cookie.charAt(last), "")) {
      const tampered = cookie.slice(0, last) + other + cookie.slice(last + 1);
      const { json } = await ada.peek("GET", "/api/session", { cookie: tampered });
      expect(json.session).toBeNull();
    }
    expect(await ada.session()).toMatchObject({ visits: 1 });
  });

  test("other cookies do not disturb it, and none has a name that starts with its name", async () => {
    const ada = visitor();
    await ada.signIn("Ada");
    const names = (await ada.jar.serialize())?.cookies.map(({ key }) => key) ?? [];
    expect(names.filter((name) => name?.startsWith(NAME))).toEqual([NAME]);
    const crowded = `a=1; ${await ada.sessionCookie()}; x__Host-session=no; session=no; b=";"`;
    const { json } = await ada.peek("GET", "/api/session", { cookie: crowded });
    expect(json.session.user).toEqual({ name: "Ada" });
  });
});
