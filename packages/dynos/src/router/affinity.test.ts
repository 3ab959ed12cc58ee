import { Agent, request } from "undici";
import { expect, test } from "vitest";
import { deadDyno } from "../../test/bad-dynos.ts";
import { startDyno, startRouter } from "../../test/router.ts";

const insecure = new Agent({ connect: { rejectUnauthorized: false } });

async function ask(url: string, cookie?: string) {
  const { headers, body } = await request(url, {
    dispatcher: insecure,
    headers: cookie ? { cookie } : {},
  });
  const set = [headers["set-cookie"] ?? []].flat();
  const given = set.find((line) => line.startsWith("heroku-session-affinity="));
  return { dyno: await body.text(), set: given, cookie: given?.split(";")[0], all: set };
}

const names = ["web.1", "web.2", "web.3"];
const startDynos = () => Promise.all(names.map((name) => startDyno(name)));

test("without the feature there is no cookie", async () => {
  const router = await startRouter(await startDynos());
  expect((await ask(router.url)).set).toBeUndefined();
  expect((await ask(router.url, "heroku-session-affinity=x")).set).toBeUndefined();
});

test("with it a client gets an opaque cookie, and comes back to the same dyno", async () => {
  const router = await startRouter(await startDynos(), { affinity: () => true });
  const first = await ask(router.url);
  expect(first.set).toMatch(/^heroku-session-affinity=[\w-]{32}; Path=\/; HttpOnly$/);
  for (let i = 0; i < 20; i++) {
    const again = await ask(router.url, `a=1; ${first.cookie}; b=2`);
    expect(again.dyno).toBe(first.dyno);
    expect(again.set).toBeUndefined();
  }
});

test("over https the cookie is Secure", async () => {
  const router = await startRouter(await startDynos(), { affinity: () => true });
  expect((await ask(router.httpsUrl)).set).toMatch(/; Path=\/; HttpOnly; Secure$/);
});

test("clients without a cookie are spread over all dynos", async () => {
  const router = await startRouter(await startDynos(), { affinity: () => true });
  const dynos = new Set<string>();
  for (let i = 0; i < 60; i++) dynos.add((await ask(router.url)).dyno);
  expect([...dynos].sort()).toEqual(names);
});

test("the app's own cookies are kept beside it", async () => {
  const dyno = await startDyno("web.1", (_request, response) => {
    response.setHeader("Set-Cookie", ["a=1", "b=2"]).end();
  });
  const router = await startRouter([dyno], { affinity: () => true });
  expect((await ask(router.url)).all).toHaveLength(3);
});

test("when its dyno is gone a client gets another one, and a cookie for that", async () => {
  const dynos = await startDynos();
  let list = dynos;
  const router = await startRouter(() => list, { affinity: () => true });
  const first = await ask(router.url);
  list = dynos.filter(({ name }) => name !== first.dyno);
  const second = await ask(router.url, first.cookie);
  expect(second.dyno).not.toBe(first.dyno);
  expect(second.cookie).toBeDefined();
  expect(second.cookie).not.toBe(first.cookie);
  for (let i = 0; i < 10; i++)
    expect((await ask(router.url, second.cookie)).dyno).toBe(second.dyno);
});

test("a dyno that was started again is another dyno, though it has the same name", async () => {
  const [before, after] = await Promise.all([startDyno("web.1"), startDyno("web.1")]);
  let list = [before];
  const router = await startRouter(() => list, { affinity: () => true });
  const first = await ask(router.url);
  list = [after];
  expect((await ask(router.url, first.cookie)).cookie).not.toBe(first.cookie);
});

test("a dyno that takes over the port of another one is another dyno", async () => {
  const { port } = await startDyno("web.1");
  let list = [{ name: "web.1", port }];
  const router = await startRouter(() => list, { affinity: () => true });
  const first = await ask(router.url);
  list = [{ name: "web.2", port }];
  expect((await ask(router.url, first.cookie)).cookie).not.toBe(first.cookie);
  expect(await router.line("dyno=web.2")).toContain("at=info");
});

test("a client whose dyno does not take connections is served by another one", async () => {
  const dynos = await startDynos();
  const router = await startRouter(dynos, { affinity: () => true });
  const first = await ask(router.url);
  await dynos.find(({ name }) => name === first.dyno)?.stop();
  const second = await ask(router.url, first.cookie);
  expect(names).toContain(second.dyno);
  expect(second.dyno).not.toBe(first.dyno);
  expect(second.cookie).toBeDefined();
});

test("an error page sets no cookie", async () => {
  const router = await startRouter([await deadDyno()], { affinity: () => true });
  expect((await ask(router.url)).set).toBeUndefined();
});
