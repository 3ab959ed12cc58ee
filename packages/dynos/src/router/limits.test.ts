import { expect, test } from "vitest";
import { sendBytes, startDyno, startRouter } from "../../test/router.ts";

const HOST = "Host: x\r\nConnection: close\r\n";

const path = (bytes: number) => "/".padEnd(bytes - "GET  HTTP/1.1".length, "a");

test.each([
  ["a request line of 8,192 bytes", `GET ${path(8_192)} HTTP/1.1\r\n${HOST}\r\n`, 200],
  ["a request line of 8,193 bytes", `GET ${path(8_193)} HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a header line of 8,192 bytes", `GET / HTTP/1.1\r\n${HOST}A: ${"b".repeat(8_189)}\r\n\r\n`, 200],
  ["a header line of 8,193 bytes", `GET / HTTP/1.1\r\n${HOST}A: ${"b".repeat(8_190)}\r\n\r\n`, 400],
  [
    "ten header lines of 8,000 bytes",
    `GET / HTTP/1.1\r\n${HOST}${`A: ${"b".repeat(7_997)}\r\n`.repeat(10)}\r\n`,
    200,
  ],
  [
    "more headers than any limit allows",
    `GET / HTTP/1.1\r\n${HOST}${`A: ${"b".repeat(7_997)}\r\n`.repeat(20)}\r\n`,
    400,
  ],
  ["a header name of 1,000 bytes", `GET / HTTP/1.1\r\n${HOST}${"n".repeat(1_000)}: 1\r\n\r\n`, 200],
  ["a header name of 1,001 bytes", `GET / HTTP/1.1\r\n${HOST}${"n".repeat(1_001)}: 1\r\n\r\n`, 400],
  ["an Expect other than 100-continue", `GET / HTTP/1.1\r\n${HOST}Expect: tea\r\n\r\n`, 417],
  ["a header byte beyond ASCII", `GET / HTTP/1.1\r\n${HOST}A: caf\u00e9\r\n\r\n`, 200],
  ["a NUL in a header", `GET / HTTP/1.1\r\n${HOST}A: a\u0000b\r\n\r\n`, 400],
  ["a control character in a header", `GET / HTTP/1.1\r\n${HOST}A: a\u0001b\r\n\r\n`, 400],
  ["a lone line feed in a header", `GET / HTTP/1.1\r\n${HOST}A: a\nB: b\r\n\r\n`, 400],
  ["a space before the colon", `GET / HTTP/1.1\r\n${HOST}A : a\r\n\r\n`, 400],
  ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
  [
    "two lengths",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    400,
  ],
  [
    "a length and chunks",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ["a target that is not a path", `GET * HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["nonsense", "HELO x\r\n\r\n", 400],
])("%s", async (_what, bytes, status) => {
  let seen = 0;
  const dyno = await startDyno("web.1", (_request, response) => {
    seen++;
    response.end("ok");
  });
  dyno.server.maxHeadersCount = 0;
  const router = await startRouter([dyno]);
  expect(await sendBytes(router.port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(seen).toBe(status === 200 ? 1 : 0);
});

test("1,000 headers pass, and 1,001 are refused: none is dropped", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    response.end(`<${incoming.rawHeaders.filter((name) => name === "Many").length}>`);
  });
  dyno.server.maxHeadersCount = 0;
  const router = await startRouter([dyno]);
  // `HOST` is two of them.
  const bytes = (many: number) => `GET / HTTP/1.1\r\n${HOST}${"Many: 1\r\n".repeat(many)}\r\n`;
  expect(await sendBytes(router.port, bytes(998))).toContain("<998>");
  expect(await sendBytes(router.port, bytes(999))).toMatch(/^HTTP\/1.1 400 /);
});

test("a line over the limit is logged with status 400 and no code: Router 2.0 sends no H26", async () => {
  const router = await startRouter([await startDyno("web.1")]);
  await sendBytes(router.port, `GET /long HTTP/1.1\r\n${HOST}A: ${"b".repeat(9_000)}\r\n\r\n`);
  expect(await router.line("/long")).toMatch(
    /^at=info method=GET path="\/long".* dyno= .* status=400/,
  );
});

test("bytes beyond ASCII in a header reach the dyno as they are", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    response.end(Buffer.from(`<${incoming.headers["x-name"]}>`, "latin1"));
  });
  const router = await startRouter([dyno]);
  const name = "\u00ff caf\u00c3\u00a9";
  const answer = await sendBytes(router.port, `GET / HTTP/1.1\r\n${HOST}X-Name: ${name}\r\n\r\n`);
  expect(answer).toContain(`<${name}>`);
});

test.each(["[", "[::1", "a b", "a/b", "a@b", "a:b", "a,b c", "<a>", "caf\u00e9", "", "x:99999x"])(
  "a Host of %j names no host: it is answered 400, and no dyno is blamed",
  async (host) => {
    const router = await startRouter([await startDyno("web.1")]);
    for (const more of ["", "Upgrade: websocket\r\nConnection: Upgrade\r\n"]) {
      const bytes = `GET /bad HTTP/1.1\r\nHost: ${host}\r\n${more || "Connection: close\r\n"}\r\n`;
      expect(await sendBytes(router.port, bytes)).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(await router.line("/bad")).toMatch(/ dyno= .* status=400/);
    // A dyno in quarantine would make this one wait.
    const good = await sendBytes(router.port, `GET / HTTP/1.1\r\n${HOST}\r\n`);
    expect(good).toMatch(/^HTTP\/1.1 200 /);
    expect(await router.line('path="/" ')).toContain("dyno=web.1");
  },
);

test.each([
  "x",
  "x:",
  "x_y.example:80",
  "127.0.0.1:80",
  "[::1]",
  "[::1]:8080",
  "xn--caf-dma.example",
])("a Host of %j passes", async (host) => {
  const router = await startRouter([await startDyno("web.1")]);
  const bytes = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  expect(await sendBytes(router.port, bytes)).toMatch(/^HTTP\/1.1 200 /);
});
