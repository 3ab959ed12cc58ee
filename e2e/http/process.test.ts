import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@repo/addons/ports";
import { afterAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";

// One app stands for all: what happens at boot and at SIGTERM is in files that are the same in the four.
const [built] = inject("areOurs") ? builtApps().filter(({ addons }) => !addons.length) : [];
const SECRET = "a secret of more than 32 characters";
/** Nothing listens there, and each start takes it after the one before has ended. (Next takes 0 for 3000.) */
const PORT = String(await freePort());
/** Config vars with which every app would start, if there were a store. */
const RIGHT = {
  NODE_ENV: "production",
  PORT,
  SESSION_SECRET: SECRET,
  DATABASE_URL: "postgres://ada@127.0.0.1:1/none",
  MEMCACHIER_SERVERS: "127.0.0.1:1",
  REDIS_URL: "redis://127.0.0.1:1",
};
const folder = await mkdtemp(join(tmpdir(), "e2e-"));
afterAll(() => rm(folder, { recursive: true }));

/** The slug's own start command, without a router. */
function start(env: Record<string, string>) {
  const child = spawn("bin/start-web", {
    cwd: join(built?.dir ?? "", ".next/standalone"),
    env: {
      PATH: process.env.PATH ?? "",
      NODE_ENV: "production",
      PORT,
      DYNO: "web.1",
      APP: built?.name ?? "",
      SESSION_DIR: folder,
      AUTH_TRUST_HOST: "true",
      ...env,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, ended, output: () => output };
}

async function startReady() {
  const server = start({ SESSION_SECRET: SECRET });
  await expect.poll(server.output).toMatch(/Local: .*:\d+/);
  const port = Number(/Local: .*:(\d+)/.exec(server.output())?.[1]);
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  return { ...server, port };
}

/** A connection on which a test writes HTTP by hand. */
async function raw(port: number) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    received += text;
  });
  socket.on("error", () => {});
  return {
    socket,
    received: () => received,
    statuses: () => received.match(/(?<=HTTP\/1\.1 )\d+/g),
  };
}

describe.runIf(built)("one dyno's process", () => {
  test.each([
    ["missing", {}],
    ["too short", { SESSION_SECRET: "short" }],
    ["too short", { SESSION_SECRET: SECRET, SESSION_SECRET_PREVIOUS: "short" }],
  ])("a secret that is %s stops the boot with a message", async (problem, env) => {
    const { ended, output } = start(env);
    expect(await ended).not.toBe(0);
    expect(output().toLowerCase()).toContain(`[session] ${problem} config var \`session_secret`);
    expect(output()).not.toContain("Ready");
  });

  test("SIGTERM: what a router sends in that moment is answered, and /readyz says 503 at once", async () => {
    const { child, ended, port } = await startReady();
    child.kill("SIGTERM");
    // Each on its own connection, so that the server has to go on taking them.
    const ask = async () => {
      const client = await raw(port);
      client.socket.write("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
      await expect.poll(client.statuses, { interval: 5 }).not.toBeNull();
      return client;
    };
    await expect.poll(async () => (await ask()).statuses(), { interval: 5 }).toEqual(["503"]);
    const last = await ask();
    await expect.poll(() => last.socket.closed).toBe(true);
    expect(last.received().toLowerCase()).toContain("connection: close");
    expect(await ended).toBe(143);
  });

  test("SIGTERM: what has begun is answered, and then the process ends", async () => {
    const { child, ended, port } = await startReady();
    const visit = await raw(port);
    visit.socket.write(
      "POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n",
    );
    const ready = await raw(port);
    ready.socket.write("GET /readyz HTTP/1.1\r\nHost: a\r\n");
    const idle = await raw(port);
    idle.socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    await expect.poll(idle.statuses).toEqual(["200"]);

    child.kill("SIGTERM");
    await sleep(300);
    expect(child.exitCode).toBeNull();
    ready.socket.write("\r\n");
    await expect.poll(ready.statuses).toEqual(["503"]);
    const since = performance.now();
    visit.socket.write('{"note":"abc"}');
    await expect.poll(visit.statuses).toEqual(["200"]);
    expect(visit.received().toLowerCase()).toContain("connection: close");
    expect(await ended).toBe(143);
    // Heroku kills after 30 s; the connections' keep-alive is 95 s.
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  test("SIGTERM: a connection that never sent a whole request is not waited for", async () => {
    const { child, ended, port } = await startReady();
    const silent = await raw(port);
    const halfway = await raw(port);
    halfway.socket.write("GET /readyz HTTP/1.1\r\nHost: a\r\n");
    await sleep(100); // until the server has accepted them
    child.kill("SIGTERM");
    const since = performance.now();
    expect(await ended).toBe(143);
    expect(performance.now() - since).toBeLessThan(8_000); // it was 25 s
    await expect.poll(() => silent.socket.closed && halfway.socket.closed).toBe(true);
  }, 40_000);

  test("SIGTERM before the boot is over: the first request is answered, and a silent connection is not waited for", async () => {
    const { child, ended, output } = start({ SESSION_SECRET: SECRET });
    await expect.poll(output, { interval: 1 }).toMatch(/Local: .*:\d+/); // it listens; Next loads the app only now
    const port = Number(/Local: .*:(\d+)/.exec(output())?.[1]);
    const [silent, first] = await Promise.all([raw(port), raw(port)]);
    first.socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    child.kill("SIGTERM");
    const since = performance.now();
    await expect.poll(first.statuses).toEqual(["200"]);
    expect(await ended).toBe(143);
    expect(performance.now() - since).toBeLessThan(8_000);
    expect(silent.socket.closed).toBe(true);
  }, 40_000);

  test("a page over http says where its cookie would be kept; not on localhost, where it is", async () => {
    const { child, ended, port } = await startReady();
    const pageFor = async (host: string) => {
      const client = await raw(port);
      client.socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      await once(client.socket, "close");
      return client.received();
    };
    expect(await pageFor("shop.example")).toContain('href="https://shop.example/"');
    expect(await pageFor("localhost:3000")).not.toContain("over http");
    child.kill("SIGTERM");
    await ended;
  });

  test("a body that is too large does not keep its connection from the next request", async () => {
    const { child, ended, port } = await startReady();
    const client = await raw(port);
    const piece = "x".repeat(50_000);
    client.socket.write(
      "POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    for (let count = 0; count < 40; count += 1) client.socket.write(`c350\r\n${piece}\r\n`);
    client.socket.write("0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    await expect.poll(client.statuses).toEqual(["413", "200"]);
    client.socket.destroy();
    child.kill("SIGTERM");
    await ended;
  });
});

/** What each app's own config vars may not be, and what the message names. */
const WRONG: [
  what: string,
  env: Record<string, string | undefined>,
  needs: string,
  says: RegExp,
][] = [
  ["no SESSION_SECRET", { SESSION_SECRET: undefined }, "", /Missing config var `SESSION_SECRET`/],
  ["an idle time in words", { SESSION_IDLE_SECONDS: "soon" }, "", /`SESSION_IDLE_SECONDS`/],
  ["no DATABASE_URL", { DATABASE_URL: undefined }, "postgresql", /Missing.*`DATABASE_URL`/],
  ["DATABASE_URL=nonsense", { DATABASE_URL: "nonsense" }, "postgresql", /`DATABASE_URL` is not/],
  ["no connections", { DATABASE_POOL_MAX: "0" }, "postgresql", /`DATABASE_POOL_MAX` is "0"/],
  [
    "no cache",
    { MEMCACHIER_SERVERS: undefined, REDIS_URL: undefined },
    "memcachier",
    /Missing.*`MEMCACHIER_SERVERS`/,
  ],
  [
    "no Redis",
    { MEMCACHIER_SERVERS: undefined, REDIS_URL: undefined },
    "heroku-redis",
    /Missing.*`REDIS_URL`/,
  ],
];

test.runIf(built)("no slug has a library for images, of which no page has one", () => {
  for (const { dir } of builtApps()) {
    const packages = readdirSync(join(dir, ".next/standalone/node_modules/.pnpm"));
    expect(packages.join("\n")).toMatch(/^next@/m);
    expect(packages.join("\n")).not.toMatch(/^(sharp|@img\+)/m);
  }
});

describe.runIf(built).each(inject("areOurs") ? builtApps() : [])(
  "$name with a wrong config var",
  ({ name, dir, addons }) => {
    const cases = WRONG.filter(
      ([, , needs]) => addons.some(({ plan }) => plan.includes(needs)) || !needs,
    );

    test.each(cases)("%s: neither a release nor a dyno starts", (_what, env, _needs, says) => {
      for (const command of ["bin/release", "bin/start-web"]) {
        const { status, stdout, stderr } = spawnSync(command, {
          cwd: join(dir, ".next/standalone"),
          env: { ...RIGHT, APP: name.split(":")[0], PATH: process.env.PATH, ...env },
          encoding: "utf8",
          timeout: 10_000,
        });
        expect(stderr).toMatch(says);
        expect(stdout).not.toContain("Ready");
        expect(status).toBe(1);
      }
    });
  },
);
