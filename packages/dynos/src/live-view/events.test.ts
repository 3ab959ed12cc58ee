import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fixture, makeFolder, until, upForTest } from "../../test/app.ts";
import { startDynos } from "../../test/command.ts";
import { viewForTest } from "../../test/live-view.ts";
import { cleanUpKilledRuns } from "../run/clean-up.ts";
import { claimRun, readRun } from "../run/record.ts";

test("each dyno is shown with its state, boot time, memory and requests", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "shown", web: 2 });
  const { page } = await viewForTest();
  const { sees, state } = await page();
  const names = new Map<string, number>();
  for (const path of ["/", "/", "/session/found", "/session/lost", "/session/none", "/fail"]) {
    await app.get(path);
  }
  for (const line of app.logs({ source: "router" })) {
    const dyno = /dyno=(\S+)/.exec(line)?.[1];
    if (dyno) names.set(dyno, (names.get(dyno) ?? 0) + 1);
  }
  await sees("shown", ({ total }) => total.requests === 6);
  expect(state("shown")).toMatchObject({
    httpsUrl: app.httpsUrl,
    affinity: false,
    total: { requests: 6, found: 1, lost: 1, failed: 1 },
  });
  for (const dyno of state("shown")?.dynos ?? []) {
    expect(dyno).toMatchObject({ state: "up", color: expect.stringMatching(/^#/) });
    expect(dyno.bootMs).toBeGreaterThan(1);
    expect(dyno.memoryBytes).toBeGreaterThan(10 * 2 ** 20);
    expect(dyno.memoryBytes).toBeLessThan(512 * 2 ** 20);
    expect(dyno.requests).toBe(names.get(dyno.name) ?? 0);
  }
});

test("sessions found and lost are counted for the dyno that answered, and outlive its restart", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "counted", web: 2 });
  const { page } = await viewForTest();
  const { sees, state } = await page();
  const met = new Set<string>();
  let requests = 3;
  for (; met.size < 2; requests++) {
    const { dyno } = await app.ask("/");
    met.add(dyno);
  }
  await app.scale({ web: 1 });
  for (const outcome of ["found", "found", "lost"]) await app.get(`/session/${outcome}`);
  await app.restart();
  await sees("counted", ({ total }) => total.requests === requests);
  const dyno = state("counted")?.dynos.find(({ name }) => name === "web.1");
  expect(dyno).toMatchObject({ found: 2, lost: 1, failed: 0 });
  // web.2 is gone, and what it did still counts for the app.
  await sees("counted", ({ dynos }) => dynos.length === 1);
  expect(dyno?.requests).toBeLessThan(requests);
});

test("a request that no dyno could take counts as failed", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "none", web: 0 });
  const { page } = await viewForTest();
  const { sees } = await page();
  expect((await app.get("/")).status).toBe(503);
  await sees("none", ({ total }) => total.requests === 1 && total.failed === 1);
});

test("a dyno that stops is shown until it has ended, and one that starts from its first moment", async () => {
  const env = { STOP: "slow" };
  const app = await upForTest({ dir: fixture("node"), name: "slow", web: 2, env });
  const { page } = await viewForTest();
  const { sees } = await page();
  await sees("slow", ({ dynos }) => dynos.length === 2);
  const scaling = app.scale({ web: 1 });
  await sees("slow", ({ dynos }) => dynos[1]?.name === "web.2" && dynos[1].state === "stopping");
  await scaling;
  expect(app.ps().map(({ name }) => name)).toEqual(["web.1"]);
  const restarting = app.restart();
  await sees("slow", ({ dynos }) => dynos[0]?.leaving === 1);
  await restarting;
  await sees("slow", ({ dynos }) => dynos[0]?.state === "up" && dynos[0].leaving === undefined);
});

test("several apps are followed as they come and go, and the page stays", async () => {
  const { page } = await viewForTest();
  const { sees, gone } = await page();
  const one = await upForTest({ dir: fixture("node"), name: "one" });
  await sees("one", () => true);
  const two = await upForTest({ dir: fixture("node"), name: "two" });
  await two.get("/session/lost");
  await sees("two", ({ total }) => total.lost === 1);
  await one.down();
  await until(() => gone.includes("one"));
  await two.get("/session/lost");
  await sees("two", ({ total }) => total.lost === 2);
  expect(gone).toEqual(["one"]);
  const again = await upForTest({ dir: fixture("node"), name: "one", web: 2 });
  await sees("one", ({ httpsUrl, dynos }) => httpsUrl === again.httpsUrl && dynos.length === 2);
});

test("the page survives an app that is killed", async () => {
  const { page, post } = await viewForTest();
  const { sees, gone } = await page();
  const running = startDynos("up", makeFolder({}, "node"), "-a", "killed");
  await sees("killed", () => true);
  onTestFinished(async () => void (await cleanUpKilledRuns()));
  process.kill(readRun("killed")?.owner.pid ?? 0, "SIGKILL");
  await running.ended;
  await until(() => gone.includes("killed"));
  expect((await post({ app: "killed", verb: "cycle" })).status).toBe(400);
  await upForTest({ dir: fixture("node"), name: "next" });
  await sees("next", () => true);
});

test("the page survives apps that die in the middle of a line", async () => {
  const folder = makeFolder({});
  const socket = join(folder, "socket");
  let times = 0;
  const dying = createServer((_request, response) => {
    times++;
    response.write('{"watch":{"name":"half');
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => dying.listen(socket, resolve));
  onTestFinished(() => void dying.close());
  const record = claimRun("half", folder, socket);
  onTestFinished(record.close);
  const { page } = await viewForTest();
  const { sees } = await page();
  await until(() => times > 1);
  await upForTest({ dir: fixture("node"), name: "whole" });
  await sees("whole", () => true);
});

test("a page that is let go by its server, or leaves, ends alone", async () => {
  await upForTest({ dir: fixture("node"), name: "left" });
  const view = await viewForTest();
  const [one, two] = [await view.page(), await view.page()];
  await one.sees("left", () => true);
  one.leave();
  await two.sees("left", ({ total }) => total.requests === 0);
  view.close();
  await two.ended;
});
