import { readApps } from "@repo/registry";
import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";

const FIREFOX = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
};
const HEX16 = /^[0-9a-f]{16}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NONE = `/api/sessions/${"0".repeat(16)}`;

let users = 0;
const newName = () => `Ada ${process.pid} ${++users}`;

eachApp(({ name, visitor }) => {
  const traits = readApps().find((app) => name.split(":")[0] === app.name)?.traits;

  async function signedIn(user: string) {
    const ada = visitor();
    await ada.signIn(user);
    return ada;
  }

  if (!traits?.listsSessions) {
    test("501 with the reason, where the strategy cannot list sessions, signed in or not", async () => {
      for (const ada of [visitor(), await signedIn(newName())]) {
        for (const [method, path] of [
          ["GET", "/api/sessions"],
          ["DELETE", "/api/sessions"],
          ["DELETE", NONE],
        ] as const) {
          const { status, json } = await ada.send(method, path);
          expect([status, json.status]).toEqual([501, 501]);
          expect(json.detail).toMatch(/Use the database strategy/);
        }
      }
      const ada = await signedIn(newName());
      expect((await ada.get("/")).text).toContain("Use the database strategy");
      expect(await ada.session()).not.toBeNull();
    });
    return;
  }

  test("401 when nobody is signed in", async () => {
    const anonymous = visitor();
    await anonymous.visit();
    for (const [method, path] of [
      ["GET", "/api/sessions"],
      ["DELETE", "/api/sessions"],
      ["DELETE", NONE],
    ] as const) {
      expect((await anonymous.send(method, path)).status).toBe(401);
    }
    expect(await anonymous.session()).not.toBeNull();
  });

  test("GET /api/sessions lists the sessions of the signed-in user, newest first", async () => {
    const user = newName();
    const laptop = await signedIn(user);
    const phone = await signedIn(user);
    const { status, json, headers } = await laptop.get("/api/sessions", { headers: FIREFOX });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "x-session": "found",
      "cache-control": "private, no-store",
      vary: expect.stringContaining("Cookie"),
      "server-timing": expect.stringMatching(/round trips/),
    });
    const [newest, oldest] = json.sessions;
    expect(json.sessions).toHaveLength(2);
    expect(newest).toEqual({
      fingerprint: (await phone.session()).fingerprint,
      current: false,
      device: null,
      createdAt: expect.stringMatching(ISO),
      lastUsedAt: expect.stringMatching(ISO),
    });
    expect(oldest).toMatchObject({ current: true, fingerprint: expect.stringMatching(HEX16) });
  });

  test("DELETE /api/sessions/:fingerprint ends that one; 404 for one that is not mine", async () => {
    const user = newName();
    const [laptop, phone, other] = [
      await signedIn(user),
      await signedIn(user),
      await signedIn(newName()),
    ];
    const path = `/api/sessions/${(await phone.session()).fingerprint}`;
    expect((await other.send("DELETE", path)).status).toBe(404);
    expect((await laptop.send("DELETE", NONE)).status).toBe(404);
    expect((await laptop.send("DELETE", "/api/sessions/%00")).status).toBeOneOf([400, 404]);
    expect(await phone.session()).not.toBeNull();
    expect((await laptop.send("DELETE", path)).status).toBe(204);
    expect(await phone.session()).toBeNull();
    expect((await laptop.send("DELETE", path)).status).toBe(404);
    await phone.signIn(user);
    const listed = `/api/sessions/${(await phone.session()).fingerprint}`;
    await phone.signIn(user); // a new id in the same browser, since the list was read
    expect((await laptop.send("DELETE", listed)).status).toBe(204);
    expect(await phone.session()).toBeNull();
    const own = `/api/sessions/${(await laptop.session()).fingerprint}`;
    expect((await laptop.send("DELETE", own)).status).toBe(204);
    expect(await laptop.sessionCookie()).toBe("");
  });

  test("DELETE /api/sessions ends all others, and no session of another user", async () => {
    const user = newName();
    const [laptop, other] = [await signedIn(user), await signedIn(newName())];
    const phones = [await signedIn(user), await signedIn(user)];
    expect((await laptop.send("DELETE", "/api/sessions")).status).toBe(204);
    for (const phone of phones) expect(await phone.session()).toBeNull();
    expect((await laptop.session()).user).toEqual({ name: user });
    expect(await other.session()).not.toBeNull();
    expect((await laptop.get("/api/sessions")).json.sessions).toHaveLength(1);
  });

  test("neither can be done from another site's page", async () => {
    const user = newName();
    const [laptop, phone] = [await signedIn(user), await signedIn(user)];
    const path = `/api/sessions/${(await phone.session()).fingerprint}`;
    for (const target of ["/api/sessions", path]) {
      const others: Record<string, string>[] = [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://evil.example" },
      ];
      for (const headers of others) {
        expect((await laptop.send("DELETE", target, { headers })).status).toBe(403);
      }
    }
    expect(await phone.session()).not.toBeNull();
  });
});
