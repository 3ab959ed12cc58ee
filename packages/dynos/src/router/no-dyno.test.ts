import { request } from "undici";
import { expect, test } from "vitest";
import { deadDyno, startStalledDyno } from "../../test/bad-dynos.ts";
import { expectErrorPage, startDyno, startRouter } from "../../test/router.ts";
import { H_CODES, type HCode } from "./codes.ts";
import type { WebState } from "./types.ts";

test.each<[WebState, HCode]>([
  ["crashed", "H10"],
  ["none", "H14"],
  ["boot-timeout", "H20"],
])("without a dyno because of `%s` the answer is %s", async (state, code) => {
  const router = await startRouter([], { state: () => state });
  expect(await expectErrorPage(router, code)).toMatch(
    new RegExp(
      `^at=error code=${code} desc="${H_CODES[code].desc}" method=GET path="/page" host=\\S+ request_id=\\S+ fwd="127.0.0.1" dyno= connect= service= status=503 bytes=\\d+ protocol=http1.1 tls=false$`,
    ),
  );
});

test("an error page has no body for HEAD", async () => {
  const router = await startRouter([], { state: () => "none" });
  const { statusCode, body } = await request(router.url, { method: "HEAD" });
  expect(statusCode).toBe(503);
  expect(await body.text()).toBe("");
  expect(await router.line("method=HEAD")).toContain("bytes=0 ");
});

test("a request waits for a dyno that is about to come up", async () => {
  const dyno = await startDyno("web.1");
  let up = false;
  const router = await startRouter(() => (up ? [dyno] : []));
  setTimeout(() => {
    up = true;
  }, 100);
  expect((await request(router.url)).statusCode).toBe(200);
});

test("a dyno that does not come up in time is H20", async () => {
  const router = await startRouter([], { timeouts: { searchMs: 100 } });
  await expectErrorPage(router, "H20");
});

test("200 requests for each dyno are let in, and the next is H11", async () => {
  const waiting: (() => void)[] = [];
  const dyno = await startDyno("web.1", (_request, response) => {
    waiting.push(() => response.end());
  });
  const router = await startRouter([dyno], { webDynos: () => 1 });
  const all = Array.from({ length: 200 }, async () => {
    const { statusCode, body } = await request(`${router.url}/slow`);
    await body.dump();
    return statusCode;
  });
  await expect.poll(() => waiting.length).toBe(200);
  await expectErrorPage(router, "H11");
  for (const end of waiting) end();
  expect(new Set(await Promise.all(all))).toEqual(new Set([200]));
  const next = request(router.url);
  await expect.poll(() => waiting.length).toBe(201);
  waiting[200]?.();
  expect((await next).statusCode).toBe(200);
});

test("a dyno that refuses connections is H21", async () => {
  const router = await startRouter([await deadDyno()]);
  expect(await expectErrorPage(router, "H21")).toMatch(
    /dyno=web.1 connect=\d+ms service= status=503/,
  );
});

test("a dyno that does not take a connection in time is H19", async () => {
  const router = await startRouter([await startStalledDyno()], { timeouts: { connectMs: 100 } });
  const line = await expectErrorPage(router, "H19");
  const connectMs = /dyno=web.1 connect=(\d+)ms service= status/.exec(line)?.[1];
  expect(Number(connectMs)).toBeGreaterThan(90); // a timer may be a little early
});

test("a request that finds all dynos in quarantine for too long is H99", async () => {
  const timeouts = { quarantineMs: 10_000, searchMs: 200 };
  const router = await startRouter([await deadDyno()], { timeouts });
  await expectErrorPage(router, "H21");
  expect(await expectErrorPage(router, "H99")).toContain("dyno= connect= service= status=503");
});

test("H99 blames no dyno, not even one that was tried", async () => {
  const dead = await Promise.all([deadDyno("web.1"), deadDyno("web.2")]);
  let listed = dead.slice(0, 1);
  const timeouts = { quarantineMs: 10_000, searchMs: 200 };
  const router = await startRouter(() => listed, { timeouts });
  await expectErrorPage(router, "H21");
  listed = dead;
  expect(await expectErrorPage(router, "H99")).toContain("dyno= connect= service= status=503");
});
