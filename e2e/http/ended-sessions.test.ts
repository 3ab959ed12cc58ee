import { describe, expect, test } from "vitest";
import { eachApp } from "./each-app.ts";
import type { Visitor } from "./visitor.ts";

const MARKER = "__Host-ended-sessions";

const markerOf = async ({ jar }: Visitor) =>
  (await jar.getCookies("https://localhost/")).find(({ key }) => key === MARKER);

eachApp(({ name, visitor }) => {
  const endings = {
    "sign-out": (ada: Visitor) => ada.signOut(),
    "DELETE /api/session": (ada: Visitor) => ada.send("DELETE", "/api/session"),
  };

  describe.each(Object.entries(endings))("after %s", (_, end) => {
    test("a late answer does not sign the visitor in again, and the visitor can go on", async () => {
      const ada = visitor();
      await ada.signIn("Ada");
      const late = await ada.peek("POST", "/api/session");
      await end(ada);
      const next = (await ada.visit()).json.session;
      await ada.keep(late);

      const read = await ada.get("/api/session");
      expect(read.json.session?.user ?? null).toBeNull();
      expect(read.json.session?.fingerprint).not.toBe(late.json.session.fingerprint);
      expect((await ada.get("/api/auth/session")).json).toEqual({});
      expect((await ada.get("/")).text).not.toContain("Ada");
      // A store knows the new session still; a cookie was overwritten by the late one.
      const isKept = (await ada.sessionCookie()) !== late.cookies[0]?.split(";")[0];
      expect(read.headers["x-session"]).toBe(isKept ? "found" : "lost");
      const { json } = await ada.visit();
      expect(json.session).toMatchObject({ visits: isKept ? next.visits + 1 : 1, user: null });
      expect(await ada.session()).toMatchObject(json.session);
      await ada.signIn("Grace");
      expect((await ada.session()).user).toEqual({ name: "Grace" });
    });
  });

  test("after a sign-in, a late answer does not bring the anonymous session back", async () => {
    const ada = visitor();
    await ada.visit("anonymous");
    const late = await ada.peek("POST", "/api/session");
    await ada.signIn("Ada");
    await ada.keep(late);
    const session = await ada.session();
    expect(session?.fingerprint).not.toBe(late.json.session.fingerprint);
    expect((await ada.visit()).status).toBe(200);
  });

  test("a visitor's marker is ignored where it is no marker, and ends nobody else's session", async () => {
    const grace = visitor();
    await grace.signIn("Grace");
    const { fingerprint } = await grace.session();
    for (const marker of [
      "",
      "~~~~",
      "x",
      "%00",
      '"',
      `${fingerprint}`,
      `${fingerprint}.`,
      `${fingerprint}.-1`,
      `${fingerprint}.${"9".repeat(400)}`,
      `${fingerprint}.9999999999~`.repeat(100),
      "é",
      `${fingerprint}.9999999999`,
    ]) {
      const ada = visitor();
      await ada.signIn("Ada");
      const cookie = `${await ada.sessionCookie()}; ${MARKER}=${marker}`;
      const read = await ada.peek("GET", "/api/session", { cookie });
      expect([read.status, read.json.session?.user]).toEqual([200, { name: "Ada" }]);
      const page = await ada.peek("GET", "/", { cookie });
      expect([page.status, page.text.includes("Ada")]).toEqual([200, true]);
      const ended = await ada.peek("DELETE", "/api/session", { cookie });
      expect(ended.status).toBe(204);
      const set = ended.cookies.find((line) => line.startsWith(`${MARKER}=`)) ?? "";
      expect(set.length).toBeLessThan(300);
    }
  });

  if (name !== "cookie-app") return;

  test("the marker has every attribute that keeps it safe, holds four ids, and a new session leaves it", async () => {
    const ada = visitor();
    expect((await ada.visit()).cookies).toHaveLength(1);
    const ended: string[] = [];
    for (let round = 1; round <= 6; round += 1) {
      ended.push((await ada.visit()).json.session.fingerprint);
      const { cookies } = await ada.send("DELETE", "/api/session");
      const line = cookies.find((each) => each.startsWith(`${MARKER}=`)) ?? "";
      expect(line).toMatch(/HttpOnly/i);
      expect(line).toMatch(/Secure/);
      expect(line).toMatch(/SameSite=lax/i);
      expect(line).toMatch(/Path=\//);
    }
    const marker = (await markerOf(ada))?.value ?? "";
    expect(ended.filter((fingerprint) => marker.includes(fingerprint))).toEqual(ended.slice(-4));
    expect(marker.length).toBeLessThan(150);
    await ada.visit();
    await ada.get("/");
    expect((await markerOf(ada))?.value).toBe(marker);
    // To the absolute end of the last of them: until then a late answer could still bring it back.
    expect((await markerOf(ada))?.maxAge).toBeGreaterThan(29 * 24 * 60 * 60);
  });
});
