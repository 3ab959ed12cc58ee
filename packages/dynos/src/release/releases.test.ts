import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixture, makeFolder, upForTest } from "../../test/app.ts";

type Env = Record<string, string>;

test("the release process runs before the dynos, in a one-off dyno without a port", async () => {
  const app = await upForTest({ dir: fixture("node") });
  const log = app.logs().join("\n");
  expect(log).toMatch(
    /app\[release\.\d+\]: releasing as release\.\d+, port none[\s\S]*heroku\[web\.1\]: Starting/,
  );
});

test("when the release process fails, nothing is replaced", async () => {
  const app = await upForTest({ dir: fixture("node") });
  const before = (await app.ask("/")) as { pid: number };
  await expect(app.configSet({ RELEASE: "fail" })).rejects.toThrow("failed with exit code 4");
  expect(await app.ask("/")).toEqual(before);
  expect(app.config()).not.toHaveProperty("RELEASE");
  expect(app.releases()).toMatchObject([
    { version: "v2", status: "failed", current: false },
    { version: "v1", status: "succeeded", current: true },
  ]);
});

test("when the first release fails, the app does not come up", async () => {
  const failing = upForTest({ dir: fixture("node"), env: { RELEASE: "fail" } });
  await expect(failing).rejects.toThrow("The release command `node release.js` failed");
});

test("several config vars set at once are one release, and all dynos get them", async () => {
  const app = await upForTest({ dir: fixture("node"), web: 2 });
  await app.configSet({ A: "1", B: "2" });
  expect(app.releases()).toHaveLength(2);
  for (let count = 0; count < 10; count++) {
    expect((await app.ask("/env")) as Env).toMatchObject({ A: "1", B: "2" });
  }
});

test("a deploy replaces the code, and a rollback brings back code and config", async () => {
  const dir = makeFolder({}, "node");
  const app = await upForTest({ dir });
  writeFileSync(join(dir, "new-file"), "");
  await app.deploy();
  expect(await app.ask("/files")).toContain("new-file");
  await app.configSet({ A: "1" });

  await app.rollback("v1");
  expect(await app.ask("/files")).not.toContain("new-file");
  expect(await app.ask("/env")).not.toHaveProperty("A");
  expect(app.releases()[0]).toMatchObject({ version: "v4", description: "Rollback to v1" });
  await app.rollback();
  expect((await app.ask("/env")) as Env).toMatchObject({ A: "1" });
  await expect(app.rollback("v99")).rejects.toThrow("no earlier release `v99`");
});

test("a process type that a deploy no longer has is stopped", async () => {
  const dir = makeFolder({}, "node");
  const app = await upForTest({ dir });
  await app.scale({ worker: 1 });
  writeFileSync(join(dir, "Procfile"), "web: node server.js\n");
  await app.deploy();
  expect(app.ps().map(({ name }) => name)).toEqual(["web.1"]);
});

test("a deploy with a bad Procfile changes nothing", async () => {
  const dir = makeFolder({}, "node");
  const app = await upForTest({ dir });
  writeFileSync(join(dir, "Procfile"), "nonsense\n");
  await expect(app.deploy()).rejects.toThrow("line 1: `nonsense`");
  expect(app.releases()).toHaveLength(1);
  expect((await app.get("/")).status).toBe(200);
});

test("postdeploy runs once, after the first release; formation says how many dynos", async () => {
  const manifest = {
    scripts: { postdeploy: "echo seeded as $DYNO" },
    formation: { web: { quantity: 2 } },
  };
  const dir = makeFolder({ "app.json": JSON.stringify(manifest) }, "node");
  const app = await upForTest({ dir });
  await app.deploy();
  const seeds = app.logs().filter((line) => line.includes("seeded as postdeploy."));
  expect(seeds).toHaveLength(1);
  expect(app.ps().map(({ name }) => name)).toEqual(["web.1", "web.2"]);
});

test("a formation of a process that the Procfile lacks is refused", async () => {
  const manifest = { formation: { clock: { quantity: 1 } } };
  const dir = makeFolder({ "app.json": JSON.stringify(manifest) }, "node");
  await expect(upForTest({ dir })).rejects.toThrow("`formation.clock` has no process");
});

test("run answers exit code and output of a command that has the config vars", async () => {
  const app = await upForTest({ dir: fixture("node"), env: { A: "seen" } });
  const { code, output } = await app.run("echo $A as $DYNO, port $PORT.; exit 3");
  expect(code).toBe(3);
  expect(output).toMatch(/^seen as run\.\d+, port \.$/);
});
