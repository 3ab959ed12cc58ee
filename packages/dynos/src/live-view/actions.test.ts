import { expect, test } from "vitest";
import { fixture, makeFolder, upForTest } from "../../test/app.ts";
import { viewForTest } from "../../test/live-view.ts";

test("each button does what it says, and its answer comes when the effect is complete", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "acted" });
  const { post } = await viewForTest();
  const act = async (verb: string, parameter?: unknown) => {
    const { status, body } = await post({ app: "acted", verb, parameter });
    expect([verb, status, body]).toEqual([verb, 200, "{}"]);
    return app.ps().map(({ group, state }) => (state === "up" ? group : undefined));
  };
  const [first] = app.ps().map(({ group }) => group);
  const scaled = await act("scale", { web: 2 });
  expect(scaled).toEqual([first, expect.any(Number)]);

  const restarted = await act("restart", "web.2");
  expect(restarted[0]).toBe(first);
  expect(restarted[1]).not.toBe(scaled[1]);
  const killed = await act("kill", "web.1");
  expect(killed[0]).not.toBe(first);
  expect(killed[1]).toBe(restarted[1]);
  for (const verb of ["restart", "cycle"]) {
    const before = app.ps().map(({ group }) => group);
    const after = await act(verb);
    expect(after.filter((group) => before.includes(group))).toEqual([]);
  }
  await act("setAffinity", true);
  expect(app.affinity()).toBe(true);
  await act("setAffinity", false);
  expect(app.affinity()).toBe(false);
  expect(await act("scale", { web: 0 })).toEqual([]);
});

test("an add-on is stopped, started and restarted", async () => {
  const manifest = JSON.stringify({ addons: ["memcachier"] });
  const app = await upForTest({ dir: makeFolder({ "app.json": manifest }, "node"), name: "added" });
  const { post } = await viewForTest();
  const state = () => app.addons()[0]?.state;
  for (const [verb, then] of Object.entries({
    addonStop: "stopped",
    addonStart: "available",
    addonRestart: "available",
  })) {
    expect((await post({ app: "added", verb, parameter: "memcachier" })).status).toBe(200);
    expect([verb, state()]).toEqual([verb, then]);
  }
});

test("what the page has no button for is refused, as are parameters of another form", async () => {
  const app = await upForTest({ dir: fixture("node"), name: "strict" });
  const before = app.ps();
  const { post } = await viewForTest();
  const refused: [verb: unknown, parameter?: unknown][] = [
    ...["run", "config", "configSet", "deploy", "rollback", "logs", "down", "tail", "watch"].map(
      (verb): [string] => [verb],
    ),
    ...["constructor", "__proto__", "", 1, null].map((verb): [unknown] => [verb]),
    ...[undefined, 2, "2", {}, { web: -1 }, { web: 17 }, { web: 1.5 }, { web: "2" }].map(
      (parameter): [string, unknown] => ["scale", parameter],
    ),
    ["restart", 1],
    ["restart", null],
    ["kill"],
    ["kill", ["web.1"]],
    ["cycle", "web.1"],
    ["setAffinity"],
    ["setAffinity", "true"],
    ["addonStop", {}],
  ];
  for (const [verb, parameter] of refused) {
    const { status, body } = await post({ app: "strict", verb, parameter });
    expect([verb, parameter, status]).toEqual([verb, parameter, 400]);
    expect(JSON.parse(body).error).toEqual(expect.any(String));
  }
  expect(app.ps()).toEqual(before);
});

test("an app that is not up, and a body that is not a request, are refused with the reason", async () => {
  const { post } = await viewForTest();
  const cycle = { verb: "cycle" };
  const noApp = [400, '{"error":"That app is not up."}'];
  for (const app of ["nobody", "../nobody", "", undefined, 1]) {
    const { status, body } = await post({ app, ...cycle });
    expect([status, body]).toEqual(noApp);
  }
  for (const body of ["null", "[]", '"cycle"', "1"]) {
    const answer = await post(body);
    expect([answer.status, answer.body]).toEqual(noApp);
  }
  expect(await post("{")).toMatchObject({ status: 400, body: '{"error":"The body is not JSON."}' });
  expect((await post("x".repeat(100_000))).status).toBe(413);
});

test("the error of an action is returned", async () => {
  await upForTest({ dir: fixture("node"), name: "failing" });
  const { post } = await viewForTest();
  const { status, body } = await post({ app: "failing", verb: "restart", parameter: "web.9" });
  expect(status).toBe(409);
  expect(JSON.parse(body).error).toContain("There is no dyno `web.9`. There are: web.1.");
  const stop = await post({ app: "failing", verb: "addonStop", parameter: "redis" });
  expect(stop.status).toBe(409);
  expect(JSON.parse(stop.body).error).toContain("There is no add-on `redis`");
});
