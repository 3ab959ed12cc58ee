import fs, { existsSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { groupLives } from "@repo/addons/processes";
import { expect, onTestFinished, test, vi } from "vitest";
import { fixture, makeFolder, until, upForTest } from "../../test/app.ts";

test("a restart starts the new dynos as soon as SIGTERM goes out", async () => {
  const app = await upForTest({ dir: fixture("node"), env: { STOP: "slow" } });
  await app.restart();
  const log = app.logs();
  const at = (text: string, from = 0) =>
    log.findIndex((line, index) => index >= from && line.includes(text));
  const sigterm = at("Stopping all processes with SIGTERM");
  const started = at("Starting process", sigterm);
  expect(started).toBeGreaterThan(sigterm);
  await until(() => app.logs().some((line) => line.includes("Process exited with status 0")));
  const exited = app.logs().findIndex((line) => line.includes("Process exited with status 0"));
  expect(exited).toBeGreaterThan(started);
});

test("a dyno that ignores SIGTERM is killed after the grace, with R12", async () => {
  const app = await upForTest({
    dir: fixture("node"),
    env: { STOP: "never" },
    timeouts: { stopMs: 300 },
  });
  const { pid } = (await app.ask("/")) as { pid: number };
  await app.scale({ web: 0 });
  expect(groupLives(pid)).toBe(false);
  expect(app.logs().join("\n")).toMatch(/ignoring SIGTERM[\s\S]*Error R12 \(Exit timeout\)/);
});

test("SIGTERM reaches every process of a dyno", async () => {
  const Procfile =
    "web: (trap 'echo child got it; exit' TERM; while :; do sleep 0.1; done) & exec node server.js\n";
  const app = await upForTest({ dir: makeFolder({ Procfile }, "node") });
  await app.scale({ web: 0 });
  expect(app.logs().join("\n")).toContain("child got it");
  expect(app.logs().join("\n")).not.toContain("R12");
});

test("a dyno that does not bind $PORT in time is stopped with R10, and the router answers H20", async () => {
  const app = await upForTest({
    dir: fixture("node"),
    env: { BOOT: "never-binds" },
    timeouts: { bootMs: 300, crashBackoffMs: [60_000] },
    keepCrashed: true,
  });
  expect(app.ps()).toMatchObject([{ name: "web.1", state: "crashed" }]);
  expect(app.logs().join("\n")).toContain("Error R10 (Boot timeout)");
  expect((await app.get("/")).status).toBe(503);
  expect(app.logs().at(-1)).toContain("code=H20");
});

test("a dyno that crashes starts again, each time after a longer pause", async () => {
  const app = await upForTest({
    dir: fixture("node"),
    env: { BOOT: "crash" },
    timeouts: { crashBackoffMs: [0, 150, 400, 60_000] },
    keepCrashed: true,
  });
  const times = (what: string) =>
    app
      .logs()
      .filter((line) => line.includes(what))
      .map((line) => Date.parse(line.slice(0, 23).concat("Z")));
  const crashed = () => times("State changed from starting to crashed");
  await until(() => crashed().length === 4);
  expect(app.ps()).toMatchObject([{ name: "web.1", state: "crashed" }]);
  const started = times("Starting process");
  const pauses = crashed().map((time, index) => (started[index + 1] ?? Number.NaN) - time);
  expect(pauses[1]).toBeGreaterThanOrEqual(149); // a timer may be a millisecond early
  expect(pauses[2]).toBeGreaterThanOrEqual(399);
  expect((await app.get("/")).status).toBe(503);
  expect(app.logs().at(-1)).toContain("code=H10");
});

test("a dyno that exits while it is up comes back by itself", async () => {
  const app = await upForTest({ dir: fixture("node") });
  const before = (await app.ask("/")) as { pid: number };
  await app.get("/exit");
  await until(() => app.logs().some((line) => line.includes("State changed from up to crashed")));
  expect(app.logs().join("\n")).toContain("Process exited with status 9");
  await until(() => app.ps()[0]?.state === "up");
  expect(((await app.ask("/")) as { pid: number }).pid).not.toBe(before.pid);
});

test("without keepCrashed, up fails when its dynos crash, and leaves nothing", async () => {
  await expect(
    upForTest({ dir: fixture("node"), name: "crashing", env: { BOOT: "crash" } }),
  ).rejects.toThrow("Not up: web.1");
  expect(existsSync(`${process.env.DYNOS_HOME}/crashing`)).toBe(false);
});

test("a killed dyno costs no request when another one is up, and is replaced", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 2 });
  const killed = app.kill("web.1");
  await until(() => app.logs().some((line) => line.includes("Process exited with status 137")));
  const statuses = await Promise.all(Array.from({ length: 50 }, () => app.get("/env")));
  expect(statuses.every(({ status }) => status === 200)).toBe(true);
  await killed;
  expect(app.ps()).toMatchObject([{ state: "up" }, { state: "up" }]);
});

test("only one dyno is killed at a time: a process type is refused", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 2 });
  await expect(app.kill("web")).rejects.toThrow("There is no dyno `web`. There are: web.1, web.2.");
  expect(app.logs().join("\n")).not.toContain("Process exited");
});

test("ps:cycle restarts one dyno after the other", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 2 });
  const before = app.logs().length;
  await app.cycle();
  const names = app
    .logs()
    .slice(before)
    .flatMap(
      (line) =>
        /heroku\[(\S+)\]: (?:Starting process|State changed from starting)/.exec(line)?.[1] ?? [],
    );
  expect(names).toEqual(["web.1", "web.1", "web.2", "web.2"]);
});

test("scaling starts and stops the highest numbers; at none the router answers H14", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 3 });
  await app.scale({ web: 1, worker: 1 });
  expect(app.ps().map(({ name, state }) => [name, state])).toEqual([
    ["web.1", "up"],
    ["worker.1", "up"],
  ]);
  await app.scale({ web: 0 });
  expect((await app.get("/")).status).toBe(503);
  expect(app.logs().at(-1)).toContain("code=H14");
  await expect(app.scale({ wbe: 1 })).rejects.toThrow("no process type `wbe`");
  await expect(app.scale({ web: -1 })).rejects.toThrow("not a number of dynos");
});

test("a frozen dyno answers nothing until it goes on, and is the same as before", async () => {
  const app = await upForTest({ dir: fixture("node") });
  const { pid } = (await app.ask("/")) as { pid: number };
  const frozen = app.freeze("web.1", 600);
  let answered = false;
  const asked = app.ask("/").then((answer) => {
    answered = true;
    return answer as { pid: number };
  });
  await new Promise((done) => setTimeout(done, 300));
  expect(answered).toBe(false);
  await frozen;
  expect((await asked).pid).toBe(pid);
});

test("a frozen dyno can be stopped, and none is frozen for longer than 5 s", async () => {
  const app = await upForTest({ dir: fixture("node") });
  await expect(app.freeze("web.1", 5_001)).rejects.toThrow("frozen for 1 to 5000 ms");
  await expect(app.freeze("web.9", 10)).rejects.toThrow("There is no dyno `web.9`");
  const { pid } = (await app.ask("/")) as { pid: number };
  const frozen = app.freeze("web.1", 5_000);
  await app.scale({ web: 0 });
  await frozen;
  expect(groupLives(pid)).toBe(false);
  expect(app.logs().join("\n")).not.toContain("R12");
});

// With thousands of files each, on a busy disk, the router once stood still for 5 to 12 s.
test("the folders of dynos, releases and the app are removed while the router goes on", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 2 });
  const removals = vi.spyOn(fs, "rmSync");
  syncBuiltinESMExports();
  onTestFinished(() => {
    removals.mockRestore();
    syncBuiltinESMExports();
  });
  const { cwd } = (await app.ask("/")) as { cwd: string };
  await app.deploy();
  await app.scale({ web: 0 });
  await app.down();
  expect(existsSync(cwd)).toBe(false);
  expect(removals.mock.calls.filter(([, options]) => options?.recursive)).toEqual([]);
});
