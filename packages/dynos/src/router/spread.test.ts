import { Agent, get } from "node:http";
import { text } from "node:stream/consumers";
import { routingOf } from "@repo/load/routing";
import { expect, test } from "vitest";
import { startDyno, startRouter } from "../../test/router.ts";

const NAMES = ["web.1", "web.2", "web.3"];

/** The dynos that served so many requests, all on one connection. */
async function choicesOnOneConnection(url: string, requests: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const choices: string[] = [];
  for (let i = 0; i < requests; i++) {
    choices.push(
      await new Promise<string>((resolve, reject) => {
        get(url, { agent }, (response) => {
          ports.add(response.socket.localPort);
          text(response).then(resolve, reject);
        }).on("error", reject);
      }),
    );
  }
  agent.destroy();
  return { choices, connections: ports.size };
}

/** What the load scripts would say of the router, with all requests from one visitor. */
const routingOfOne = (choices: readonly string[]) =>
  routingOf(choices.map((dyno) => ({ visitor: 0, dyno }))).routing;

test("3,000 requests on one connection go to dynos at random: evenly, and whatever came before", async () => {
  const dynos = await Promise.all(NAMES.map((name) => startDyno(name)));
  const router = await startRouter(dynos);
  const { choices, connections } = await choicesOnOneConnection(router.url, 3_000);
  expect(connections).toBe(1);
  expect(choices).toHaveLength(3_000);
  expect(routingOfOne(choices)).toBe("random");
}, 60_000);

test("while a dyno is in quarantine, the others are chosen evenly", async () => {
  const dynos = await Promise.all(NAMES.map((name) => startDyno(name)));
  const dead = await startDyno("web.4");
  await dead.stop();
  const router = await startRouter([...dynos, dead]);
  const { choices } = await choicesOnOneConnection(router.url, 1_500);
  expect(routingOfOne(choices)).toBe("random");
});

test("connections to dynos are kept and used again", async () => {
  const dyno = await startDyno("web.1");
  let connections = 0;
  dyno.server.on("connection", () => connections++);
  const router = await startRouter([dyno]);
  await choicesOnOneConnection(router.url, 50);
  expect(connections).toBe(1);
});

test("a connection to a dyno that is idle for too long is closed by the router, whatever the dyno hints", async () => {
  const dyno = await startDyno("web.1");
  dyno.server.keepAliveTimeout = 1_000;
  const closed = new Promise<number>((resolve) => {
    const since = performance.now();
    dyno.server.on("connection", (socket) =>
      socket.on("end", () => resolve(performance.now() - since)),
    );
  });
  const router = await startRouter([dyno], { timeouts: { dynoKeepAliveMs: 150 } });
  await choicesOnOneConnection(router.url, 1);
  expect(await closed).toBeGreaterThan(100);
});
