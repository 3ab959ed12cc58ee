import { once } from "node:events";
import { connect } from "node:tls";
import { Agent, request } from "undici";
import { expect, test } from "vitest";
import { sendBytes, startDyno, startRouter } from "../../test/router.ts";

const insecure = new Agent({ connect: { rejectUnauthorized: false } });

/** A dyno that answers with the headers that it was sent. */
const echo = () =>
  startDyno("web.1", (incoming, response) => response.end(JSON.stringify(incoming.rawHeaders)));

async function headersSeenByDyno(url: string, headers: Record<string, string> = {}) {
  const { body } = await request(url, { headers, dispatcher: insecure });
  const raw = (await body.json()) as string[];
  const seen: Record<string, string> = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    expect(seen[name], `${name} came twice`).toBeUndefined();
    seen[name] = raw[i + 1] as string;
  }
  return seen;
}

test("a dyno is told the client, the protocol, the port, the start and an id", async () => {
  const router = await startRouter([await echo()]);
  const before = Date.now();
  const seen = await headersSeenByDyno(router.url);
  expect(seen).toMatchObject({
    host: `127.0.0.1:${router.port}`,
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-port": String(router.port),
    via: "1.1 heroku-router",
  });
  expect(seen["x-request-id"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const start = Number(seen["x-request-start"]);
  expect(start).toBeGreaterThanOrEqual(before);
  expect(start).toBeLessThanOrEqual(Date.now());
});

test("over https a dyno is told so, with the https port", async () => {
  const router = await startRouter([await echo()]);
  expect(await headersSeenByDyno(router.httpsUrl)).toMatchObject({
    "x-forwarded-proto": "https",
    "x-forwarded-port": String(router.httpsPort),
  });
});

test("HTTP/2 is not offered", async () => {
  const router = await startRouter([await echo()]);
  const socket = connect({
    port: router.httpsPort,
    host: "127.0.0.1",
    ALPNProtocols: ["h2", "http/1.1"],
    rejectUnauthorized: false,
  });
  await once(socket, "secureConnect");
  expect(socket.alpnProtocol).toBe("http/1.1");
  socket.destroy();
});

test("the client's address is appended to what it says of itself, and the rest is overwritten", async () => {
  const router = await startRouter([await echo()]);
  const seen = await headersSeenByDyno(router.url, {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "443",
    "X-Request-Start": "1",
    "X-Forwarded-Host": "example.org",
    Via: "1.0 proxy.example",
  });
  expect(seen).toMatchObject({
    "x-forwarded-for": "203.0.113.7, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-port": String(router.port),
    // Not to be trusted, on Heroku neither.
    "x-forwarded-host": "example.org",
    via: "1.0 proxy.example, 1.1 heroku-router",
  });
  expect(seen["x-request-start"]).not.toBe("1");
});

test("a valid request id of the client is passed on, any other is replaced", async () => {
  const router = await startRouter([await echo()]);
  const idFor = async (id: string) =>
    (await headersSeenByDyno(router.url, { "X-Request-Id": id }))["x-request-id"];
  const valid = "0123456789abcdefABCDEF+/=-";
  expect(await idFor(valid)).toBe(valid);
  expect(await idFor("too-short")).not.toBe("too-short");
  expect(await idFor(`${"a".repeat(20)}_`)).not.toContain("_");
  expect(await idFor("a".repeat(201))).toHaveLength(36);
});

test("what belongs to the client's connection is not passed on", async () => {
  const router = await startRouter([await echo()]);
  const answer = await sendBytes(
    router.port,
    "GET / HTTP/1.1\r\nHost: x.example\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 3\r\nTE: trailers\r\nProxy-Connection: close\r\nX-Kept: 2\r\n\r\n",
  );
  const raw = JSON.parse(
    answer.slice(answer.indexOf("[")).replace(/\r\n0\r\n\r\n$/, ""),
  ) as string[];
  const names = raw.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  expect(names).toContain("x-kept");
  for (const name of ["x-hop", "keep-alive", "te", "proxy-connection"]) {
    expect(names).not.toContain(name);
  }
});

test("an answer keeps its headers, their order and their bytes, and loses those of the dyno's connection", async () => {
  const dyno = await startDyno("web.1", (_request, response) => {
    response.sendDate = false;
    response.writeHead(299, "Quite Fine", [
      ["Set-Cookie", "a=1"],
      ["X-Latin", "caf\u00e9"],
      ["Set-Cookie", "b=2"],
      ["Connection", "keep-alive, X-Dyno-Hop"],
      ["X-Dyno-Hop", "1"],
      ["Content-Length", "2"],
    ]);
    response.end(Buffer.from("ok"));
  });
  const router = await startRouter([dyno]);
  const answer = await sendBytes(
    router.port,
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  );
  expect(answer).toMatch(
    /^HTTP\/1.1 299 Quite Fine\r\nSet-Cookie: a=1\r\nX-Latin: caf\u00e9\r\nSet-Cookie: b=2\r\n/,
  );
  expect(answer).toContain("\r\nVia: 1.1 heroku-router\r\n");
  expect(answer).not.toContain("X-Dyno-Hop");
  expect(answer.match(/^Connection:/gm)).toHaveLength(1);
});

test("no header names the dyno", async () => {
  const router = await startRouter([
    await startDyno("web.7", (_request, response) => response.end()),
  ]);
  const answer = await sendBytes(
    router.port,
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  );
  expect(answer).not.toContain("web.7");
});
