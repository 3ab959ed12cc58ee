import { Agent, request } from "undici";
import { expect, test } from "vitest";
import { sendBytes, startDyno, startRouter } from "../../test/router.ts";

const insecure = new Agent({ connect: { rejectUnauthorized: false } });

test("the log line has Heroku's fields in Heroku's order", async () => {
  const router = await startRouter([
    await startDyno("web.1", (_r, response) => response.end("twelve bytes")),
  ]);
  await (
    await request(`${router.url}/a?b=1`, { headers: { "X-Forwarded-For": "203.0.113.7" } })
  ).body.text();
  expect(await router.line("/a?b=1")).toMatch(
    new RegExp(
      `^at=info method=GET path="/a\\?b=1" host=127.0.0.1:${router.port} request_id=[0-9a-f-]{36} fwd="203.0.113.7, 127.0.0.1" dyno=web.1 connect=\\d+ms service=\\d+ms status=200 bytes=12 protocol=http1.1 tls=false$`,
    ),
  );
  await (await request(router.httpsUrl, { dispatcher: insecure })).body.text();
  expect(await router.line('path="/"')).toMatch(/ tls=true tls_version=unknown$/);
});

test("a quote in a path does not end its field", async () => {
  const router = await startRouter([await startDyno("web.1")]);
  await sendBytes(router.port, 'GET /"?status=200" HTTP/1.0\r\n\r\n');
  expect(await router.line("at=info")).toContain('path="/%22?status=200%22" host= ');
});

test("a Host header cannot forge fields", async () => {
  const router = await startRouter([await startDyno("web.1")]);
  const host = "x dyno=web.9 status=200";
  await sendBytes(
    router.port,
    `GET /forged HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  const line = await router.line("/forged");
  expect(line).toContain(" host=x%20dyno%3Dweb.9%20status%3D200 ");
  expect(line.match(/dyno=/g)).toHaveLength(1);
});

test.each(["example.com", "example.com:8080", "[::1]:8080", "a_b-c"])(
  "the host %s is logged as it is",
  async (host) => {
    const router = await startRouter([await startDyno("web.1")]);
    await sendBytes(router.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await router.line("at=info")).toContain(` host=${host} `);
  },
);

test("a listener gets one event for each request, with the app's x-session", async () => {
  const dyno = await startDyno("web.1", (_request, response) => {
    response.setHeader("x-session", "found").end("hello");
  });
  const router = await startRouter([dyno]);
  await (await request(`${router.url}/api/session`, { method: "POST", body: "{}" })).body.text();
  await router.line("/api/session");
  expect(router.events).toEqual([
    {
      at: expect.any(Number),
      dyno: "web.1",
      method: "POST",
      path: "/api/session",
      status: 200,
      serviceMs: expect.any(Number),
      bytes: 5,
      session: "found",
    },
  ]);
});
