import { once } from "node:events";
import { connect } from "node:net";
import { request } from "undici";
import { expect, test } from "vitest";
import { deadDyno, startStalledDyno } from "../../test/bad-dynos.ts";
import { openClient, sendBytes, startDyno, startRouter } from "../../test/router.ts";

test("a client that goes away is H27, and its request to the dyno ends", async () => {
  let ended = false;
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const dyno = await startDyno("web.1", (_request, response) => {
    response.on("close", () => {
      ended = true;
    });
    arrived();
  });
  const router = await startRouter([dyno]);
  const client = connect(router.port, "127.0.0.1");
  client.write("GET /gone HTTP/1.1\r\nHost: x\r\n\r\n");
  await arrival;
  client.destroy();
  expect(await router.line('code=H27 desc="Client request interrupted"')).toMatch(
    /path="\/gone".* dyno=web.1 connect=\d+ms service=\d+ms status=499 bytes=0 /,
  );
  await expect.poll(() => ended).toBe(true);
});

test("a client that goes away within a download or an upload is H27", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    incoming.resume();
    if (incoming.method === "GET") response.write("a beginning");
  });
  const router = await startRouter([dyno]);
  const download = connect(router.port, "127.0.0.1");
  download.write("GET /download HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(download, "data");
  download.destroy();
  expect(await router.line("/download")).toContain("code=H27");
  const upload = connect(router.port, "127.0.0.1");
  upload.write("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  await new Promise((done) => setTimeout(done, 50));
  upload.destroy();
  expect(await router.line("/upload")).toContain("code=H27");
});

test("a client that goes away while a dyno is looked for is H27, and the search ends", async () => {
  const dynos = [await deadDyno()];
  let asked = 0;
  const router = await startRouter(() => {
    asked++;
    return dynos;
  });
  await (await request(router.url)).body.dump();
  const client = connect(router.port, "127.0.0.1");
  client.write("GET /waiting HTTP/1.1\r\nHost: x\r\n\r\n");
  await new Promise((done) => setTimeout(done, 50));
  client.destroy();
  expect(await router.line("/waiting")).toMatch(/code=H27 .* dyno= connect= service= status=499/);
  const before = asked;
  await new Promise((done) => setTimeout(done, 500));
  expect(asked).toBe(before);
});

test("a dyno that takes the connection only when the client is gone is not sent the request", async () => {
  const dyno = await startStalledDyno();
  const router = await startRouter([dyno], { timeouts: { connectMs: 20_000 } });
  const bytes = "GET /impatient HTTP/1.1\r\nHost: x\r\n\r\n";
  const clients = [1, 2, 3].map(() => openClient(router.port, bytes));
  await new Promise((done) => setTimeout(done, 100));
  for (const client of clients) client.destroy();
  expect(await router.line("/impatient")).toContain("code=H27");
  dyno.wake();
  // What waited comes when the system tries again, after a second.
  await expect.poll(() => dyno.received().length).toBeGreaterThan(2);
  await new Promise((done) => setTimeout(done, 500));
  expect(dyno.received()).not.toContain("data");
});

test("of pipelined requests each has its line when the client goes away", async () => {
  const dyno = await startDyno("web.1", () => {});
  const router = await startRouter([dyno]);
  const client = connect(router.port, "127.0.0.1");
  for (const path of ["/first", "/second", "/third"]) {
    client.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody`);
  }
  await new Promise((done) => setTimeout(done, 50));
  client.destroy();
  for (const path of ["/first", "/second", "/third"]) {
    expect(await router.line(path)).toContain("code=H27");
  }
  expect(router.lines).toHaveLength(3);
});

test("pipelined requests are answered in their order", async () => {
  const dyno = await startDyno("web.1", (incoming, response) => {
    setTimeout(() => response.end(`<${incoming.url}>`), incoming.url === "/1" ? 80 : 0);
  });
  const router = await startRouter([dyno]);
  const bytes = ["/1", "/2", "/3"].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n`);
  const answer = await sendBytes(router.port, `${bytes.join("\r\n")}Connection: close\r\n\r\n`);
  expect(answer.match(/<\/\d>/g)).toEqual(["</1>", "</2>", "</3>"]);
});

test("a client that stops sending is H28", async () => {
  const dyno = await startDyno("web.1", (incoming) => void incoming.resume());
  const router = await startRouter([dyno], { timeouts: { idleMs: 100 } });
  await sendBytes(router.port, "POST /idle HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  expect(await router.line('code=H28 desc="Client connection idle"')).toContain("status=499");
});

test("a client that stops reading is H28", async () => {
  const dyno = await startDyno("web.1", (_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536)));
    };
    response.on("drain", more);
    more();
  });
  const router = await startRouter([dyno], { timeouts: { idleMs: 150 } });
  const client = connect(router.port, "127.0.0.1").on("error", () => {});
  client.write("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await router.line("/endless")).toContain("code=H28");
  client.destroy();
});
