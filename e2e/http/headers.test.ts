import { describe, expect, test } from "vitest";
import { eachApp } from "./each-app.ts";

eachApp(({ visitor }) => {
  test("every answer names the dyno and its boot id, the same on all routes", async () => {
    const ada = visitor();
    const { text } = await ada.get("/");
    const asset = /\/_next\/static\/[^"]+\.js/.exec(text)?.[0] ?? "";
    const answers = await Promise.all([
      ada.peek("GET", "/"),
      ada.peek("GET", "/api/session"),
      ada.peek("POST", "/api/session"),
      ada.peek("GET", "/api/plain"),
      ada.peek("GET", "/api/auth/session"),
      ada.peek("GET", "/api/auth/signin"),
      ada.peek("GET", "/healthz"),
      ada.peek("GET", "/readyz"),
      ada.peek("GET", "/source"),
      ada.peek("GET", "/icon.svg"),
      ada.peek("GET", asset),
      ada.peek("GET", "/nowhere"),
      ada.peek("GET", "/api/session/"),
      ada.peek("PUT", "/api/session"),
      ada.peek("POST", "/api/session", {
        body: "{",
        headers: { "content-type": "application/json" },
      }),
    ]);
    const names = answers.map(({ headers }) => `${headers["x-dyno"]} ${headers["x-boot-id"]}`);
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^\S+ [0-9a-f]{16}$/);
    expect((await ada.get("/api/plain")).json.bootId).toBe(answers[0]?.headers["x-boot-id"]);
  });

  test("a page and the answers to its router name the release, by which an old page notices a new one", async () => {
    const ada = visitor();
    const { text } = await ada.get("/");
    const release = /data-dpl-id="([0-9a-f]{8,})"/.exec(text)?.[1];
    expect(release, "the build sets deploymentId").toBeDefined();
    expect(text).toContain(`.js?dpl=${release}`);
    const { headers } = await ada.peek("GET", "/?_rsc", { headers: { rsc: "1" } });
    expect(headers["x-nextjs-deployment-id"]).toBe(release);
  });

  test("nothing that depends on a session may be kept by a cache", async () => {
    const ada = visitor();
    await ada.visit();
    for (const [method, path] of [
      ["GET", "/api/session"],
      ["HEAD", "/api/session"],
      ["POST", "/api/session"],
      ["DELETE", "/api/session"],
    ] as const) {
      const { headers } = await ada.peek(method, path);
      expect(headers["cache-control"]).toBe("private, no-store");
      expect(headers.vary?.toLowerCase().split(/, */)).toContain("cookie");
    }
    expect((await ada.get("/")).headers["cache-control"]).toMatch(/private.*no-store/);
  });

  test("x-session tells none, found and lost apart, whatever the method", async () => {
    const ada = visitor();
    const told = async (method: string, cookie?: string) => {
      const { headers } = await ada.peek(
        method,
        "/api/session",
        cookie === undefined ? {} : { cookie },
      );
      return headers["x-session"];
    };
    await ada.visit();
    for (const method of ["GET", "POST"]) {
      expect(await told(method, "")).toBe("none");
      expect(await told(method)).toBe("found");
      expect(await told(method, "__Host-session=made-up")).toBe("lost");
    }
    expect(await told("DELETE")).toBe("found");
  });

  describe("round trips to the store, as Server-Timing tells them", () => {
    const tripsOf = (timing: string | undefined) =>
      Number(/^store;dur=[\d.]+;desc="(\d+) round trips?"$/.exec(timing ?? "")?.[1] ?? Number.NaN);

    test("none without a cookie, one to read, at most two to write", async () => {
      const ada = visitor();
      const isCookie = (await ada.get("/api/session")).json.strategy === "cookie";
      const trips = async (method: string) =>
        tripsOf((await ada.send(method, "/api/session")).headers["server-timing"]);
      expect(await trips("GET")).toBe(0);
      expect(await trips("POST")).toBe(isCookie ? 0 : 1);
      expect(await trips("GET")).toBe(isCookie ? 0 : 1);
      expect(await trips("POST")).toBe(isCookie ? 0 : 2);
      expect(await trips("DELETE")).toBe(isCookie ? 0 : 2);
    });

    test("none for a cookie that cannot be one of ours", async () => {
      const { headers } = await visitor().peek("GET", "/api/session", {
        cookie: "__Host-session=../../etc/passwd",
      });
      expect(tripsOf(headers["server-timing"])).toBe(0);
    });
  });

  test("HEAD is GET without its body; OPTIONS and 405 say what a route has", async () => {
    const ada = visitor();
    const head = await ada.peek("HEAD", "/api/session");
    expect([head.status, head.text, head.headers["x-session"]]).toEqual([200, "", "none"]);
    const routes = {
      "/api/session": "DELETE, GET, HEAD, OPTIONS, POST",
      "/api/plain": "GET, HEAD, OPTIONS",
      "/healthz": "GET, HEAD, OPTIONS",
      "/readyz": "GET, HEAD, OPTIONS",
    };
    for (const [path, allow] of Object.entries(routes)) {
      expect((await ada.peek("OPTIONS", path)).headers.allow).toBe(allow);
      const refused = await ada.peek("PATCH", path);
      expect([refused.status, refused.headers.allow]).toEqual([405, allow]);
      expect(refused.headers["content-type"]).toBe("application/problem+json");
    }
  });
});
