import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { fixture, upForTest } from "../../test/app.ts";
import { ask, viewForTest } from "../../test/live-view.ts";

test("the page and its files, with headers that keep the token in", async () => {
  const { url } = await viewForTest();
  const page = await ask(url);
  expect(page.status).toBe(200);
  expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'/);
  expect(page.headers["referrer-policy"]).toBe("no-referrer");
  const linked = [...page.body.matchAll(/(?:href|src)="([^":]+)"/g)].map(([, file]) => file);
  expect(linked).toContain("page.js");
  for (const file of linked) expect((await ask(new URL(file ?? "", url))).status).toBe(200);
});

test("nothing else is served", async () => {
  const { url } = await viewForTest();
  const others = [
    "tsconfig.json",
    "types.d.ts",
    "../src/live-view.ts",
    "%2e%2e/package.json",
    "x.js",
  ];
  for (const path of others) {
    const { status, body } = await ask(url, { path: `${new URL(url).pathname}${path}` });
    expect([path, status, body]).toEqual([path, 404, "Not found.\n"]);
  }
  expect((await ask(url, { method: "PUT" })).status).toBe(405);
  expect((await ask(url, { method: "POST" })).status).toBe(405);
});

test("who does not know the token gets nothing", async () => {
  const { url, origin } = await viewForTest();
  const wrong = `/${"0".repeat(32)}/`;
  for (const path of ["/", "/events", "/act", wrong, `${wrong}events`])
    expect((await ask(url, { path })).status).toBe(404);
  const headers = { origin };
  expect((await ask(url, { path: `${wrong}act`, method: "POST", headers })).status).toBe(404);
});

test("each view has its own token", async () => {
  const tokens = [await viewForTest(), await viewForTest()].map(({ url }) => new URL(url).pathname);
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(token).toMatch(/^\/[0-9a-f]{32}\/$/);
});

test("another site's name that points at loopback is refused, whatever is asked", async () => {
  const { url, post } = await viewForTest();
  const { port } = new URL(url);
  for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, "evil.example"]) {
    expect((await ask(url, { headers: { host } })).status).toBe(403);
    expect((await ask(new URL("events", url), { headers: { host } })).status).toBe(403);
    const headers = { host, origin: `http://${host}` };
    expect((await post({}, headers)).status).toBe(403);
  }
});

test("what does not come from the page itself does nothing, even with the token", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "guarded" });
  const { post, origin } = await viewForTest();
  const act = { app: "guarded", verb: "setAffinity", parameter: true };
  const others = [
    "null",
    "http://evil.example",
    `${origin}0`,
    origin.replace("127.0.0.1", "localhost"),
  ];
  for (const headers of [{}, ...others.map((other) => ({ origin: other }))])
    expect((await post(act, headers as Record<string, string>)).status).toBe(403);
  expect(app.affinity()).toBe(false);
  expect((await post(act)).status).toBe(200);
  expect(app.affinity()).toBe(true);
});

test("it listens on loopback and on no other address", async () => {
  const { url } = await viewForTest();
  const elsewhere = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ address, scopeid }) => address !== "127.0.0.1" && !scopeid),
  );
  for (const { address } of [...elsewhere, { address: "127.0.0.2" }]) {
    const socket = connect(Number(new URL(url).port), address);
    const [error] = await once(socket, "error");
    expect(error).toMatchObject({ syscall: "connect" });
  }
});
