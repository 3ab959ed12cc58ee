import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";

const AUTH_ROUTES = ["session", "csrf", "providers", "signin", "signout", "error"];
const GUARDED = /^__Host-[^=]+=[^;]*;(?=.* Path=\/)(?=.* HttpOnly)(?=.* Secure)(?=.* SameSite=Lax)/;
const json = { "content-type": "application/json" };

eachApp(({ origin, visitor }) => {
  test("no cookie that a sibling subdomain can plant breaks next-auth, and each of its own has a prefix", async () => {
    for (const name of ["__Secure-next-auth.callback-url", "__Host-next-auth.callback-url"])
      for (const value of ["x", "http://[", "javascript:alert(1)", "https://evil.example/"])
        for (const route of AUTH_ROUTES) {
          const cookie = `${name}=${encodeURIComponent(value)}`;
          const answer = await visitor().peek("GET", `/api/auth/${route}`, { cookie });
          expect([route, value, answer.status]).toEqual([route, value, 200]);
          expect(answer.cookies.filter((line) => !GUARDED.test(line))).toEqual([]);
        }
  });

  test("an address in a cookie of next-auth that is none is cleared, on whichever route", async () => {
    for (const route of AUTH_ROUTES) {
      const ada = visitor();
      await ada.jar.setCookie("__Host-next-auth.callback-url=x; Secure; Path=/", `${origin}/`);
      await ada.get(`/api/auth/${route}`);
      expect(await ada.jar.getCookieString(`${origin}/`)).not.toContain("callback-url=x");
    }
  });

  test("/api/auth/_log takes no lines: 404", async () => {
    const form = { level: "warn", code: "X\nFORGED" };
    for (const site of ["same-origin", "cross-site"]) {
      const headers = { "sec-fetch-site": site };
      const answer = await visitor().send("POST", "/api/auth/_log", { form, headers });
      expect([answer.status, answer.headers["content-type"]]).toEqual([
        404,
        "application/problem+json",
      ]);
    }
    expect((await visitor().get("/api/auth/_log")).status).toBe(404);
  });

  test("whoever signs in over another user's session gets nothing of it; over the same user's, all", async () => {
    const ada = visitor();
    await ada.signIn("Alice");
    await ada.visit("of Alice");
    await ada.signIn("Alice");
    expect(await ada.session()).toMatchObject({ visits: 1, note: "of Alice" });
    await ada.signIn("Bob");
    expect(await ada.session()).toMatchObject({ visits: 0, note: null, user: { name: "Bob" } });
  });

  test("nothing under /api/auth may be kept by a cache, whatever the method and the outcome", async () => {
    const asked = [
      ...AUTH_ROUTES.map((route) => ["GET", route]),
      ...["signin/credentials", "signout", "callback/credentials", "session", "_log", "x"].map(
        (route) => ["POST", route],
      ),
      ...["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND"].map((m) => [m, "session"]),
      ["GET", "callback/credentials"],
      ["GET", "callback/github"],
      ["GET", "nowhere"],
    ] as [string, string][];
    for (const [method, route] of asked) {
      const sending = method === "POST" ? { form: { a: "b" } } : {};
      const { headers } = await visitor().send(method, `/api/auth/${route}`, sending);
      const vary = headers.vary?.toLowerCase().split(/, */) ?? [];
      expect([method, route, headers["cache-control"], vary.includes("cookie")]).toEqual([
        method,
        route,
        "private, no-store",
        true,
      ]);
    }
  });

  test.each([
    ["a part of the session's name", "__Host-session[0]=x"],
    ["a numbered part, as next-auth cuts one", "__Host-session.0=x; __Host-session.1=y"],
    ["a blank before the equals sign", "__Host-session =x"],
    ["a name that goes on", "__Host-session\u00e9=x; __Host-session(=y"],
    ["no name", "=x; __Host-session"],
    ["a value that does not decode", "__Host-session=%E0%A4%A"],
    ["a prototype's name", "__proto__=x; constructor=y; __Host-session.__proto__=z"],
  ])("a cookie with %s is nobody", async (_, cookie) => {
    for (const route of AUTH_ROUTES) {
      const answer = await visitor().peek("GET", `/api/auth/${route}`, { cookie });
      expect([route, answer.status]).toEqual([route, 200]);
      if (route === "session") expect(answer.json).toEqual({});
    }
    expect((await visitor().peek("GET", "/api/session", { cookie })).json.session).toBeNull();
  });

  test("an address to go back to that is none is ignored, and one elsewhere is not gone to", async () => {
    const bad = [
      "http://[",
      "//[",
      "x",
      "javascript:alert(1)",
      "/\r\nSet-Cookie: a=b",
      "/\u2713",
      "https://evil.example/",
      "//evil.example/",
      "/\\evil.example",
      "x".repeat(9_000),
    ];
    for (const callbackUrl of bad) {
      const query = encodeURIComponent(callbackUrl).slice(0, 4_000);
      const page = await visitor().get(`/api/auth/signin?callbackUrl=${query}`);
      expect([callbackUrl, page.status]).toEqual([callbackUrl, 200]);
      const ada = visitor();
      const { csrfToken } = (await ada.get("/api/auth/csrf")).json;
      const form = { csrfToken, name: "Ada", callbackUrl };
      const answer = await ada.send("POST", "/api/auth/callback/credentials", { form });
      expect([callbackUrl, answer.status]).toEqual([callbackUrl, 302]);
      expect(new URL(answer.headers.location ?? "").origin).toBe(origin);
      expect(answer.cookies.some((line) => line.startsWith("a="))).toBe(false);
    }
  });

  test.each([
    ["a number", 5],
    ["an object", { trim: 1 }],
    ["a list", ["Ada"]],
    ["null", null],
    ["half a character", "\ud800"],
  ])(
    "a name that is %s signs in nobody of that kind, and the answer tells nothing",
    async (_, name) => {
      const ada = visitor();
      const { csrfToken } = (await ada.get("/api/auth/csrf")).json;
      const body = JSON.stringify({ csrfToken, name, json: "true" });
      const path = "/api/auth/callback/credentials";
      const answer = await ada.send("POST", path, { headers: json, body });
      if (typeof name !== "string") expect(answer.status).toBe(401);
      expect(answer.status).toBeLessThan(500);
      expect(decodeURIComponent(answer.text)).not.toMatch(/trim|function|TypeError/);
    },
  );

  test("a body of next-auth that is no object, or far too long, is refused", async () => {
    const send = (body: string) =>
      visitor().send("POST", "/api/auth/callback/credentials", { headers: json, body });
    for (const body of ["", "{", "null", "5", '"x"', "[]", '{"__proto__":{"json":"true"}}'])
      expect([body, (await send(body)).status]).toEqual([body, 302]);
    expect((await send(`{"name":"${"x".repeat(200_000)}"}`)).status).toBe(413);
  });

  test("no address that a sign-in goes to carries the session or a token", async () => {
    const ada = visitor();
    await ada.visit();
    const { csrfToken } = (await ada.get("/api/auth/csrf")).json;
    for (const path of ["callback/credentials", "signout"]) {
      const form = { csrfToken, name: "Ada", callbackUrl: "/?x=y" };
      const before = await ada.sessionCookie();
      const { headers } = await ada.send("POST", `/api/auth/${path}`, { form });
      expect(headers.location).toBe(`${origin}/?x=y`);
      const values = [before, await ada.sessionCookie()].map((pair) => pair.split(/=(.*)/s)[1]);
      for (const secret of [csrfToken, ...values.filter(Boolean)])
        expect(headers.location).not.toContain(secret);
    }
  });

  test("405 with Allow for every method that a route does not have, those that Next cannot hold among them", async () => {
    const allow = {
      "/api/session": "DELETE, GET, HEAD, OPTIONS, POST",
      "/api/plain": "GET, HEAD, OPTIONS",
      "/healthz": "GET, HEAD, OPTIONS",
      "/api/auth/session": "GET, HEAD, OPTIONS, POST",
      "/api/auth/callback/credentials": "OPTIONS, POST",
      "/": "GET, HEAD, OPTIONS, POST",
    };
    for (const [path, methods] of Object.entries(allow)) {
      for (const method of ["TRACE", "PROPFIND", "QUERY", "PUT"]) {
        const { status, headers, json } = await visitor().send(method, path);
        expect([path, method, status, headers.allow]).toEqual([path, method, 405, methods]);
        expect(headers["content-type"]).toBe("application/problem+json");
        expect(json.detail).toContain(method);
      }
      const { status, headers } = await visitor().send("OPTIONS", path);
      expect([path, status, headers.allow]).toEqual([path, 204, methods]);
    }
    for (const path of ["/source", "/icon.svg", "/nowhere"])
      expect((await visitor().send("TRACE", path)).status).toBeOneOf([404, 405]);
    expect((await visitor().get("/api/auth/callback/credentials")).status).toBe(405);
    expect((await visitor().send("HEAD", "/api/auth/session")).status).toBe(200);
  });

  test("400 for a form that cannot be read, and for an address that does not decode", async () => {
    const page = (type: string, body: string) =>
      visitor().send("POST", "/", { headers: { "content-type": type }, body });
    const part = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello';
    expect((await page("multipart/form-data", part)).status).toBe(400);
    expect((await page("multipart/form-data; boundary=x", part)).status).toBe(400);
    for (const path of ["/nowhere", "/api/auth", "/api/session", "/api/auth/signout"]) {
      const headers = { "content-type": "multipart/form-data; boundary=x" };
      const answer = await visitor().send("POST", path, { headers, body: `${part}\r\n--x--\r\n` });
      expect([path, answer.status]).toEqual([path, 415]);
    }
    for (const path of ["/api/auth/%", "/api/auth/%E0%A4%A", "/api/auth/signin/%ff", "/%"])
      expect([path, (await visitor().get(path)).status]).toEqual([path, 400]);
  });

  test("404 for a form that is sent to an address without a page, also as Next's client asks for a page's data", async () => {
    const headers = { rsc: "1", "next-router-prefetch": "1" };
    for (const path of ["/nowhere", "/api/session;a=b"]) {
      const answer = await visitor().send("POST", path, { headers, form: { note: "hello" } });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test("403 for an Origin with this host and another scheme", async () => {
    const { host } = new URL(origin);
    for (const from of [`http://${host}`, `ftp://${host}`, `x-app://${host}`, "null"]) {
      const headers = { origin: from };
      expect((await visitor().send("POST", "/api/session", { headers })).status).toBe(403);
      expect((await visitor().send("POST", "/", { headers, form: {} })).status).toBe(303);
    }
    const headers = { origin };
    expect((await visitor().send("POST", "/api/session", { headers })).status).toBe(200);
  });
});
