import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";

const NAME = "__Host-session";

eachApp(({ visitor }) => {
  test("signing in gives a new id, keeps what the anonymous session held, and ends that one", async () => {
    const ada = visitor();
    const anonymous = (await ada.visit("mine")).json;
    const old = await ada.sessionCookie();
    const { status, json } = await ada.signIn("Ada");
    expect([status, json.url]).toEqual([200, expect.stringMatching(/\/$/)]);

    const session = await ada.session();
    expect(session).toMatchObject({ visits: 1, note: "mine", user: { name: "Ada" } });
    expect(session.fingerprint).not.toBe(anonymous.session.fingerprint);
    expect(await ada.sessionCookie()).not.toBe(old);
    // A sealed cookie has no server state: a copy of the old one still opens, and knows nobody.
    const { json: byOld } = await ada.peek("GET", "/api/session", { cookie: old });
    if (anonymous.strategy === "cookie") expect(byOld.session.user).toBeNull();
    else expect(byOld.session).toBeNull();
  });

  test("a planted session is not the one that a victim signs in to", async () => {
    const [attacker, victim] = [visitor(), visitor()];
    await attacker.visit("planted");
    const planted = await attacker.sessionCookie();
    await victim.jar.setCookie(`${planted}; Secure; Path=/`, "https://localhost/");
    await victim.signIn("Victim");
    expect((await victim.session())?.user).toEqual({ name: "Victim" });
    const { json } = await attacker.peek("GET", "/api/session", { cookie: planted });
    expect(json.session?.user ?? null).toBeNull();
  });

  test("next-auth and the app agree on who is signed in", async () => {
    const ada = visitor();
    expect((await ada.get("/api/auth/session")).json).toEqual({});
    await ada.signIn("Ada Lovelace");
    const { json } = await ada.get("/api/auth/session");
    expect(json.user).toMatchObject({ name: "Ada Lovelace" });
    expect(Date.parse(json.expires)).toBe(Date.parse((await ada.session()).expiresAt));
    expect((await ada.get("/")).text).toContain("Ada Lovelace");
  });

  test("signing in again as somebody else gives a new id again", async () => {
    const ada = visitor();
    await ada.signIn("Ada");
    const first = await ada.session();
    await ada.signIn("Grace");
    const second = await ada.session();
    expect(second.user).toEqual({ name: "Grace" });
    expect(second.fingerprint).not.toBe(first.fingerprint);
  });

  test("signing out ends the session and takes the cookie", async () => {
    const ada = visitor();
    const { strategy } = (await ada.visit()).json;
    await ada.signIn("Ada");
    const cookie = await ada.sessionCookie();
    await ada.signOut();
    expect(await ada.sessionCookie()).toBe("");
    expect(await ada.session()).toBeNull();
    const { json } = await ada.peek("GET", "/api/session", { cookie });
    if (strategy !== "cookie") expect(json.session).toBeNull();
  });

  test("a sign-in without next-auth's CSRF token, or without a name, signs nobody in", async () => {
    const ada = visitor();
    await ada.visit();
    const form = { name: "Ada", csrfToken: "made-up", json: "true" };
    await ada.send("POST", "/api/auth/callback/credentials", { form });
    await ada.signIn("   ");
    expect(await ada.session()).toMatchObject({ visits: 1, user: null });
  });

  test("a poll of next-auth writes nothing, and one that ends after a sign-in does not undo it", async () => {
    const ada = visitor();
    await ada.visit();
    const anonymous = await ada.sessionCookie();
    await ada.signIn("Ada");
    // The poll that the browser sent before the sign-in is answered after it.
    const late = await ada.peek("GET", "/api/auth/session", { cookie: anonymous });
    expect(late.cookies.filter((line) => line.startsWith(NAME))).toEqual([]);
    await ada.keep(late);
    expect((await ada.session()).user).toEqual({ name: "Ada" });
    const poll = await ada.get("/api/auth/session");
    expect(poll.cookies.filter((line) => line.startsWith(NAME))).toEqual([]);
  });

  test("an unknown cookie is not deleted by next-auth: another dyno may know it", async () => {
    const cookie = `${NAME}=${"A".repeat(43)}`;
    const { cookies } = await visitor().peek("GET", "/api/auth/session", { cookie });
    expect(cookies.filter((line) => line.startsWith(NAME))).toEqual([]);
  });

  test("a write that was under way while the visitor signed out does not bring the session back", async () => {
    const ada = visitor();
    const { strategy } = (await ada.visit("hers")).json;
    await ada.signIn("Ada");
    const cookie = await ada.sessionCookie();
    const writes = Array.from({ length: 8 }, () => ada.peek("POST", "/api/session", { cookie }));
    await ada.send("DELETE", "/api/session");
    for (const late of await Promise.all(writes)) await ada.keep(late);
    // A write that reached the app only after the sign-out begins a session, of nobody.
    const after = await ada.session();
    expect([after?.user ?? null, after?.note ?? null]).toEqual([null, null]);
    // Whoever has a copy of a sealed cookie brings no marker of what ended.
    const { json } = await ada.peek("GET", "/api/session", { cookie });
    expect(json.session === null).toBe(strategy !== "cookie");
  });

  test("a session filled to the last byte can still be signed in to, in one cookie; one byte more is a 413", async () => {
    const { maxBytes } = (await visitor().visit("x".repeat(70_000))).json;
    const signedIn = JSON.stringify({
      visits: 1,
      note: "",
      user: { id: "credentials:Ada", name: "Ada" },
    });
    const room = maxBytes - signedIn.length;

    const ada = visitor();
    await ada.visit("x".repeat(room));
    expect((await ada.signIn("Ada")).status).toBe(200);
    expect(await ada.session()).toMatchObject({ user: { name: "Ada" }, visits: 1 });
    const cookies = (await ada.jar.serialize())?.cookies ?? [];
    expect(cookies.filter(({ key }) => key?.startsWith(NAME))).toHaveLength(1);
    expect((await ada.sessionCookie()).length).toBeLessThanOrEqual(NAME.length + 1 + 3_933);

    const grace = visitor();
    await grace.visit("x".repeat(room + 1));
    const refused = await grace.signIn("Ada");
    expect(refused).toMatchObject({ status: 413, json: { maxBytes } });
    expect(await grace.session()).toMatchObject({ user: null, visits: 1 });
  });

  test("a forged X-Forwarded-Host reaches neither next-auth nor its links", async () => {
    const ada = visitor();
    const headers = { "x-forwarded-host": "evil.example" };
    for (const path of ["/api/auth/providers", "/api/auth/signin", "/api/auth/csrf", "/"]) {
      const answer = await ada.get(path, { headers });
      expect(answer.text).not.toContain("evil.example");
      expect([answer.headers.location ?? "", ...answer.cookies].join()).not.toContain(
        "evil.example",
      );
    }
    const { csrfToken } = (await ada.get("/api/auth/csrf")).json;
    const form = { csrfToken, name: "Ada", callbackUrl: "https://evil.example/", json: "true" };
    const answer = await ada.send("POST", "/api/auth/callback/credentials", { headers, form });
    expect(answer.text).not.toContain("evil.example");
  });
});
