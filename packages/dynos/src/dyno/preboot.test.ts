import { expect, test } from "vitest";
import { makeFolder, type TestApp, until, upForTest } from "../../test/app.ts";
import { startDynos } from "../../test/command.ts";
import { appEvents } from "../control/events.ts";

const Procfile = "web: node server.js\nworker: node worker.js\n";

async function withPreboot(prebootMs: number, web = 2): Promise<TestApp> {
  const dir = makeFolder({ Procfile }, "node");
  return upForTest({ dir, web, preboot: true, timeouts: { prebootMs } });
}

/** The processes that answer, by many requests. */
async function pidsOf(app: TestApp): Promise<Set<number>> {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => app.ask("/") as Promise<{ pid: number }>),
  );
  return new Set(answers.map(({ pid }) => pid));
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Asks until `over`; returns who answered, in order. The fixture drops what it is answering at SIGTERM. */
async function askUntil(app: TestApp, over: Promise<unknown>): Promise<number[]> {
  let done = false;
  void over.finally(() => {
    done = true;
  });
  const pids: number[] = [];
  while (!done) {
    const response = await app.get("/");
    if (response.ok) pids.push(((await response.json()) as { pid: number }).pid);
  }
  return pids;
}

test("with preboot old dynos take every request while new ones run, then new ones take every request", async () => {
  const app = await withPreboot(1_500);
  const old = await pidsOf(app);
  const deploying = app.deploy();
  await until(() => app.logs().filter((line) => / to up$/.test(line)).length >= 4);
  // New ones are up, and get nothing.
  expect(await pidsOf(app)).toEqual(old);
  const asked = await askUntil(app, deploying);
  const served = [...(await pidsOf(app))];
  expect(served.filter((pid) => old.has(pid))).toEqual([]);
  // At once: nobody is sent back to an old dyno.
  const firstNew = asked.findIndex((pid) => !old.has(pid));
  const later = firstNew < 0 ? [] : asked.slice(firstNew);
  expect(later.filter((pid) => old.has(pid))).toEqual([]);
  await until(() => ![...old].some(isAlive));
});

test("the log tells of both moments, and no old dyno is stopped before the second", async () => {
  const app = await withPreboot(300);
  await app.configSet({ A: "1" });
  const lines = app.logs({ num: 200 });
  const at = (text: RegExp) => lines.findIndex((line) => text.test(line));
  const begin = at(/api.*Preboot: old web dynos take all requests for 0.3 s/);
  const change = at(/api.*Preboot: new web dynos take all requests, old ones stop/);
  const stop = at(/web\.\d.*Stopping all processes with SIGTERM/);
  expect(begin).toBeGreaterThan(0);
  expect(change).toBeGreaterThan(begin);
  expect(stop).toBeGreaterThan(change);
});

test("a worker is replaced at once: preboot is for web dynos", async () => {
  const app = await withPreboot(2_000, 1);
  await app.scale({ worker: 1 });
  const deploying = app.deploy();
  await until(() => app.logs().some((line) => /worker\.1.*SIGTERM/.test(line)));
  expect(app.logs({ num: 200 }).join("\n")).not.toMatch(/web\.1.*SIGTERM/);
  await deploying;
});

test("requests do not go to new dynos before these have booted, however short the wait", async () => {
  const app = await withPreboot(1, 1);
  await app.configSet({ A: "1" });
  const lines = app.logs({ num: 200 });
  const lastUp = lines.findLastIndex((line) => / to up$/.test(line));
  const change = lines.findIndex((line) => line.includes("Preboot: new web dynos take all"));
  expect(lines.filter((line) => / to up$/.test(line))).toHaveLength(2);
  expect(change).toBeGreaterThan(lastUp);
});

test("a script can deploy changed code with preboot; the next deploy has none again", async () => {
  const dir = makeFolder({ Procfile: "web: node server.js\n" }, "node");
  const app = await upForTest({ dir, timeouts: { prebootMs: 1 } });
  expect(appEvents(app)).not.toHaveProperty("deploy-changed-preboot");
  const changed = makeFolder({ Procfile: "web: CHANGED=1 node server.js\n" }, "node");
  await appEvents(app, changed)["deploy-changed-preboot"]?.();
  const lines = app.logs({ num: 200 }).join("\n");
  expect(lines).toContain("Preboot: new web dynos take all requests");
  expect(lines).toContain("CHANGED=1 node server.js");
  expect(app.preboot()).toBe(false);
});

test("new dynos that crash are named, as without preboot", async () => {
  const app = await withPreboot(100, 1);
  await expect(app.configSet({ BOOT: "crash" })).rejects.toThrow("Not up: web.1");
});

test("an app goes down in the middle of preboot, without waiting for its end", async () => {
  const app = await withPreboot(600_000, 1);
  const [old = 0] = await pidsOf(app);
  const deploying = app.deploy().catch(() => {});
  await until(() => app.logs().filter((line) => / to up$/.test(line)).length >= 2);
  await app.down();
  await deploying;
  expect(isAlive(old)).toBe(false);
});

test("it is switched on by an option of `up`, or on a running app, and off again", async () => {
  const app = await upForTest({ dir: makeFolder({}, "node"), name: "switched" });
  expect(app.preboot()).toBe(false);
  for (const [word, on] of [
    ["enable", true],
    ["disable", false],
  ] as const) {
    const running = startDynos(`features:${word}`, "preboot", "-a", "switched");
    expect(await running.ended).toBe(0);
    expect(app.preboot()).toBe(on);
  }
  expect(app.logs().join("\n")).toContain("Feature preboot enabled");
  const unknown = startDynos("features:enable", "nonsense", "-a", "switched");
  expect(await unknown.ended).toBe(1);
  expect(unknown.output()).toContain("There are: `http-session-affinity`, `preboot`.");

  const upped = startDynos("up", makeFolder({}, "node"), "-a", "short", "--preboot", "0.2");
  await until(() => upped.output().includes("short is up"));
  const deployed = startDynos("deploy", "-a", "short");
  expect(await deployed.ended).toBe(0);
  await until(() => upped.output().includes("old web dynos take all requests for 0.2 s"));
  upped.kill("SIGINT");
  await upped.ended;
});
