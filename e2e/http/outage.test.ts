import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { type AppBehindProxy, upBehindProxy } from "./behind-proxy.ts";
import { storeProxy } from "./store-proxy.ts";
import { newVisitor, type Visitor } from "./visitor.ts";

const withStore = inject("areOurs") ? builtApps().filter(({ addons }) => addons.length) : [];

describe.each(withStore)("$name, when its store fails", (built) => {
  let run: AppBehindProxy;
  let ada: Visitor;

  beforeAll(async () => {
    run = await upBehindProxy(built, "outage");
    ada = newVisitor(run.app.httpsUrl);
    await ada.visit("kept");
    await ada.signIn("Ada");
    run.proxy.cut();
  });
  afterAll(() => run?.down());

  test.each([
    ["GET", "/api/session"],
    ["POST", "/api/session"],
    ["DELETE", "/api/session"],
    ["GET", "/api/auth/session"],
  ])(
    "%s %s is a 503 that says when to come back, and takes no cookie away",
    async (method, path) => {
      const { status, headers, json, cookies } = await ada.send(method, path);
      expect(status).toBe(503);
      expect(headers["content-type"]).toBe("application/problem+json");
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      expect(json).toMatchObject({ status: 503, title: expect.any(String) });
      expect(cookies.filter((line) => line.includes("session="))).toEqual([]);
    },
  );

  test("/readyz says 503 with the reason; /healthz and /api/plain are well", async () => {
    const ready = await ada.get("/readyz");
    expect([ready.status, ready.headers["content-type"]]).toEqual([
      503,
      "application/problem+json",
    ]);
    expect((await ada.get("/healthz")).status).toBe(200);
    expect((await ada.get("/api/plain")).status).toBe(200);
  });

  test("the page says so in words, and takes no cookie away", async () => {
    const { status, text, cookies } = await ada.get("/");
    expect(status).toBe(200);
    expect(text).toContain("The session store does not answer.");
    expect(cookies).toEqual([]);
  });

  test("nobody without a cookie notices: there is nothing to look up", async () => {
    const stranger = newVisitor(run.app.httpsUrl);
    expect((await stranger.get("/api/session")).status).toBe(200);
    expect((await stranger.get("/")).text).toContain("No session yet");
  });

  test("a sign-out that could not be done is not claimed", async () => {
    const { status } = await ada.signOut();
    expect(status).toBe(503);
    expect(await ada.sessionCookie()).not.toBe("");
  });

  test("when the store is back, so is the session, with the user still signed in", async () => {
    run.proxy.mend();
    await expect.poll(async () => (await ada.get("/readyz")).status).toBe(200);
    expect(await ada.session()).toMatchObject({ visits: 1, note: "kept", user: { name: "Ada" } });
  });
});

// What the tests above and those of a store that hangs rely on.
test("the proxy in front of a store cuts, freezes and mends", async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const proxy = await storeProxy({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port });
  const ask = () => {
    const socket = connect(proxy.port, "127.0.0.1").on("error", () => {});
    socket.write("hello");
    const answer = Promise.race([once(socket, "data"), once(socket, "close")]);
    return answer.then(([data]) => String(data)).finally(() => socket.destroy());
  };
  const silence = sleep(300).then(() => "silence");
  expect(await ask()).toBe("hello");
  proxy.cut();
  expect(await ask()).not.toBe("hello");
  proxy.freeze();
  const held = ask();
  expect(await Promise.race([held, silence])).toBe("silence");
  proxy.mend();
  expect(await held).toBe("hello");
  expect(await ask()).toBe("hello");
  await proxy.close();
  echo.close();
});
