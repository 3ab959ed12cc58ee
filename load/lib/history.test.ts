import { beforeEach, expect, test, vi } from "vitest";
import type { Exchange } from "./history.ts";

vi.mock("k6/timers", () => ({}));
vi.mock("./evidence.ts", () => ({ observe() {}, waitsSoFar: () => [] }));
vi.mock("./visitors/routes.ts", () => ({ routes: () => ({ counter: true }) }));

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("__ENV", { BASE_URL: "https://localhost" });
  return () => vi.unstubAllGlobals();
});

const ADA = { fingerprint: "s", visits: 4, note: null, user: { name: "Visitor 1 abcdef" } };

function exchange(method: string, path: string, more: Partial<Exchange> = {}): Exchange {
  return {
    ...{ method, path, visitor: 1, start: 0, end: 10, status: 200, dyno: "web.1", boot: "b" },
    ...{ text: "", session: null, refused: false, cookiesSent: {}, cookiesSet: {} },
    ...more,
  };
}

// A sign-out that nobody knows to have ended a session looks as if the session were lost.
test("a visit by a signed-in visitor says of which session the cookie is that the sign-in set", async () => {
  const { beginHistory, endHistory, record } = await import("./history.ts");
  beginHistory("a", ["session"]);
  record(
    exchange("POST", "/api/auth/callback/credentials", {
      op: "sign-in",
      user: "Visitor 1 abcdef",
      cookiesSet: { session: "first" },
    }),
  );
  record(
    exchange("POST", "/api/auth/signout", { op: "sign-out", cookiesSent: { session: "first" } }),
  );
  record(
    exchange("POST", "/api/session", {
      session: ADA,
      cookiesSent: { session: "first" },
      cookiesSet: { session: "second" },
    }),
  );
  expect(endHistory()).toMatchObject([
    { op: "sign-in", received: "s" },
    { op: "sign-out", brought: "s", received: null },
    { op: "visit", brought: "s", received: "s" },
  ]);
});

test("a visit without a user may have made its session: the cookie that it brought stays unknown", async () => {
  const { beginHistory, endHistory, record } = await import("./history.ts");
  beginHistory("a", ["session"]);
  record(
    exchange("POST", "/api/session", {
      session: { ...ADA, visits: 1, user: null },
      cookiesSent: { session: "first" },
      cookiesSet: { session: "second" },
    }),
  );
  const [visit] = endHistory();
  expect(visit).toMatchObject({ op: "visit", received: "s" });
  expect(visit).not.toHaveProperty("brought");
});
