import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { listProcesses } from "@repo/addons/process-table";
import { expect, onTestFinished, test } from "vitest";
import { fixture, makeFolder, until, upForTest } from "../../test/app.ts";
import { DYNOS, startDynos } from "../../test/command.ts";
import { readRun } from "../run/record.ts";

function dynos(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(DYNOS, parameters, { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("every verb explains itself with --help", () => {
  const verbs = [...dynos("--help").stdout.matchAll(/^ {2}([a-z:]+) /gm)].flatMap(
    ([, verb]) => verb ?? [],
  );
  expect(verbs).toEqual(
    expect.arrayContaining([
      ..."up dev ui ps ps:scale ps:restart ps:kill ps:freeze ps:clock ps:cycle logs deploy releases rollback run".split(
        " ",
      ),
      ..."config config:set addons addons:restart addons:freeze addons:cut addons:slow addons:fill addons:mend addons:stop addons:start down".split(
        " ",
      ),
      ..."features:enable features:disable".split(" "),
    ]),
  );
  expect(dynos("ps:scale", "--help").stdout).toContain("-a, --app <name>");
});

test("up --detach, the verbs from another terminal, and down", async () => {
  const dir = makeFolder({}, "node");
  onTestFinished(() => void dynos("down"));
  const upped = dynos("up", dir, "-a", "far", "--detach", "--web", "2", "--env", "A=b=c");
  expect(upped.stderr).toContain("web.2 is up");
  // https first: production cookies are Secure.
  expect(upped.stdout).toMatch(
    /far is up\n +https:\/\/localhost:\d+ .*\n +http:\/\/localhost:\d+ .*curl and Safari/,
  );

  expect(JSON.parse(dynos("ps", "--json").stdout)).toMatchObject([
    { name: "web.1", state: "up" },
    { name: "web.2", state: "up" },
  ]);
  expect(dynos("ps:scale", "web=1").status).toBe(0);
  expect(dynos("ps").stdout).toMatch(/^web\.1: {2}up since .* node server\.js\n$/);
  expect(JSON.parse(dynos("config", "--json").stdout)).toEqual({ A: "b=c" });
  expect(dynos("config:set", "A=1", "B=2").stderr).toContain("releasing as release.");
  expect(dynos("releases").stdout).toMatch(/^v2 {2}current .*Set A, B config vars\nv1 /);
  expect(dynos("run", "echo", "-n", "$DYNO;", "exit", "7")).toMatchObject({ status: 7 });
  expect(dynos("run", "printf", "%s,", "two words", "one").stdout).toBe("two words,one,\n");
  const logs = dynos("logs", "--source", "app", "--dyno", "web.1", "-n", "1").stdout;
  expect(logs).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{15}\+00:00 app\[web\.1\]: listening on \d+\n$/);
  expect(dynos("rollback", "v9")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("`v9`"),
  });
  expect(dynos("down").stdout).toBe("far is down\n");
  expect(dynos("ps")).toMatchObject({ status: 1, stderr: expect.stringContaining("No app is up") });
});

test("with several apps up, -a chooses", async () => {
  await upForTest({ dir: fixture("node"), name: "one" });
  await upForTest({ dir: fixture("node"), name: "two" });
  const running = startDynos("ps");
  expect(await running.ended).toBe(1);
  expect(running.output()).toContain("Choose one with `-a`: one, two");
  const chosen = startDynos("ps", "-a", "two");
  expect(await chosen.ended).toBe(0);
  const unknown = startDynos("ps", "-a", "three");
  expect(await unknown.ended).toBe(1);
  expect(unknown.output()).toContain("`three` is not up. Up are: one, two");
});

test("logs --tail prints new lines, and ends with the app", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "told" });
  const tail = startDynos("logs", "--tail", "--source", "router");
  const everything = startDynos("logs", "--tail");
  await app.get("/first");
  await until(() => tail.output().includes('path="/first"'));
  await app.get("/second");
  await until(() => tail.output().includes('path="/second"'));
  expect(tail.output()).not.toContain("app[web.1]");
  await until(() => everything.output().includes('path="/second"'));
  await app.down();
  expect(await tail.ended).toBe(0);
  expect(await everything.ended).toBe(0);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s takes the app down and leaves nothing",
  async (signal) => {
    const running = startDynos("up", fixture("node"), "-a", "told", "--web", "2");
    await until(() => running.output().includes("told is up"));
    const run = readRun("told");
    running.kill(signal);
    expect(await running.ended).toBe(0);
    const pids = new Set(run?.processes.map(({ pid }) => pid));
    expect(listProcesses().filter(({ pid, group }) => pids.has(pid) || pids.has(group))).toEqual(
      [],
    );
    expect(existsSync(run?.folder ?? "")).toBe(false);
    expect(readRun("told")).toBeUndefined();
  },
);

test("Ctrl-C while the app comes up leaves nothing either", async () => {
  const Procfile = "web: node server.js\nrelease: sleep 60\n";
  const running = startDynos("up", makeFolder({ Procfile }, "node"), "-a", "slow");
  await until(() => running.output().includes("Running the release command"));
  await until(() => readRun("slow")?.processes.length === 1);
  const run = readRun("slow");
  running.kill("SIGINT");
  expect(await running.ended).toBe(130);
  expect(existsSync(run?.folder ?? "")).toBe(false);
  expect(listProcesses().some(({ pid }) => pid === run?.processes[0]?.pid)).toBe(false);
});

test("up of a folder without a Procfile fails with one line that says why", async () => {
  const running = startDynos("up", makeFolder({}));
  expect(await running.ended).toBe(1);
  expect(running.output()).toMatch(/^\[dynos\] Missing `Procfile` in .*\n$/);
});

test("up --detach of an app that crashes exits with 1 and the end of its log", () => {
  const upped = dynos("up", fixture("node"), "-a", "broken", "--env", "BOOT=crash", "--detach");
  expect(upped.status).toBe(1);
  expect(upped.stderr).toMatch(
    /Not up: web\.1\. The last lines of its log:\n[\s\S]*app\[web\.1\]: /,
  );
  expect(readRun("broken")).toBeUndefined();
});

test("up prints the address of its events, which tell and do what scripts ask for", async () => {
  const dir = makeFolder({ "app.json": '{"env":{"KEY":{"generator":"secret"}}}' }, "node");
  const running = startDynos("up", dir, "-a", "asked", "--web", "1");
  await until(() => running.output().includes("EVENTS="));
  const url = /EVENTS=(\S+)/.exec(running.output())?.[1] ?? "";
  const { events } = (await (await fetch(url)).json()) as { events: string[] };
  expect(events).toEqual(expect.arrayContaining(["restart", "scale-4", "rotate-use"]));
  expect((await fetch(`${url}/scale-2`, { method: "POST" })).status).toBe(204);
  expect(JSON.parse(dynos("ps", "--json", "-a", "asked").stdout)).toHaveLength(2);
  const before = JSON.parse(dynos("config", "--json", "-a", "asked").stdout);
  await fetch(`${url}/rotate-accept`, { method: "POST" });
  await fetch(`${url}/rotate-use`, { method: "POST" });
  const after = JSON.parse(dynos("config", "--json", "-a", "asked").stdout);
  expect(after.KEY_PREVIOUS).toBe(before.KEY);
  expect(after.KEY).not.toBe(before.KEY);
});

test("in the foreground up stays when dynos crash, so that a config var can repair it", async () => {
  const running = startDynos("up", fixture("node"), "-a", "broken", "--env", "BOOT=crash");
  await until(() => running.output().includes("broken is up"));
  const repair = startDynos("config:set", "BOOT=ok");
  expect(await repair.ended).toBe(0);
  expect(running.output()).toContain("State changed from starting to up");
});
