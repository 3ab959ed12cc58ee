import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Options, startApp } from "@repo/load/fixtures/app";
import { readResults } from "@repo/report/results";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import * as command from "../test/command.ts";

const folder = mkdtempSync(join(tmpdir(), "compare-deployed-"));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function deployed(options: Options) {
  const app = await startApp(options);
  closing.push(app.close);
  return app.url;
}

const compare = (...args: string[]) =>
  command.compare("--scenarios", "continuity,restart", "--out", folder, ...args);

describe("exit code", () => {
  it("is 0 when deployed apps do what their namesakes' traits promise", async () => {
    const [shared, file] = [{ strategy: "shared" }, { strategy: "file" }] as const;
    const urls = [`db-app=${await deployed(shared)}`, `file-app=${await deployed(file)}`];
    const { exitCode, stdout } = await compare(...urls.flatMap((url) => ["--url", url]));
    expect(stdout).toMatch(/Across dynos +✓ 100 % found +✗ \d+ % found/);
    expect(exitCode).toBe(0);
    const { apps, dynos, complete } = readResults(folder);
    expect([dynos, complete]).toEqual([null, true]);
    expect(apps.map(({ name, scenarios }) => [name, scenarios.continuity?.verdict])).toEqual([
      ["db-app", "works"],
      ["file-app", "breaks"],
    ]);
  });

  it("is 1 when a measurement contradicts a declared trait, which it names", async () => {
    const url = await deployed({ strategy: "file" });
    const { exitCode, stdout } = await compare("--url", `db-app=${url}`);
    expect(stdout).toContain("! db-app continuity: breaks, but its traits say works.");
    expect(exitCode).toBe(1);
  });

  it("is 2 when a question finds no answer, for instance on one dyno", async () => {
    const { exitCode, stdout } = await compare("--url", `db-app=${await deployed({ dynos: 1 })}`);
    expect(stdout).toContain("! db-app continuity: not tested. one dyno only");
    expect(exitCode).toBe(2);
  });

  it("is 2 when the app is down, and says so", async () => {
    const app = await startApp();
    await app.close();
    const { exitCode, stdout } = await compare("--url", `db-app=${app.url}`);
    expect(stdout).toContain(`${app.url} does not answer`);
    expect(exitCode).toBe(2);
  });

  it("is 2 when k6 was killed, and the other questions are asked all the same", async () => {
    const url = await deployed({});
    const args = ["--scenarios", "spread,continuity", "--out", folder, "--url", `db-app=${url}`];
    const running = command.compare(...args);
    const k6 = await untilSome(() =>
      command.descendants(running.pid ?? 0).filter((one) => one.command.includes("load/spread.ts")),
    );
    for (const { pid } of k6) process.kill(pid, "SIGKILL");
    expect((await running).exitCode).toBe(2);
    expect(readResults(folder).apps[0]?.scenarios).toMatchObject({
      spread: { verdict: "not tested", asExpected: false, reason: "k6 was killed (SIGKILL)" },
      continuity: { verdict: "works" },
    });
  });

  it("is 2 when it cannot run, with what there is to choose from", async () => {
    const { exitCode, stderr } = await compare("--apps", "mysql-app");
    expect(stderr).toContain("There is no app `mysql-app`. Choose from: cookie-app");
    expect(exitCode).toBe(2);
  });
});

it("fails where a history breaks what the traits promise, although the scenario works, and shows the witnesses", async () => {
  const url = await deployed({ faults: ["loses every tenth"] });
  const { exitCode, stdout } = await compare("--scenarios", "isolation", "--url", `db-app=${url}`);
  const { isolation } = readResults(folder).apps[0]?.scenarios ?? {};
  expect(isolation).toMatchObject({ verdict: "works", asExpected: false });
  expect(stdout).toMatch(/! db-app isolation: The history breaks invariant 3/);
  expect(stdout).toMatch(/is gone, although nothing ended it\.\n.* visitor \d+.* → /);
  expect(exitCode).toBe(1);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(
    "What broke, by the operations",
  );
});

it("reports what breaks without a promise, and does not fail", async () => {
  const url = await deployed({ strategy: "cookie" });
  const { exitCode } = await compare("--scenarios", "parallel", "--url", `cookie-app=${url}`);
  const { parallel } = readResults(folder).apps[0]?.scenarios ?? {};
  expect(parallel?.history?.invariants[0]).toMatchObject({
    verdict: "breaks",
    promised: "no",
    broken: 0,
  });
  expect(exitCode).toBe(0);
});

it("expects nothing of an app whose traits are not declared", async () => {
  const url = await deployed({ strategy: "file" });
  const { exitCode } = await compare("--url", `my-shop=${url}`);
  expect(exitCode).toBe(0);
  const [app] = readResults(folder).apps;
  expect([app?.traits, app?.scenarios.continuity?.expected]).toEqual([null, null]);
});

it("does not ask a deployed app what takes control over it, and says why", async () => {
  await compare("--url", `db-app=${await deployed({})}`);
  expect(readResults(folder).apps[0]?.scenarios.restart).toMatchObject({
    verdict: "not tested",
    asExpected: true,
    reason: expect.stringContaining("run the script by hand"),
    command: expect.stringMatching(/^k6 run -e BASE_URL=http:\S+ load\/restart.ts$/),
  });
});

it("keeps k6's own files, the strip and the page beside the results", async () => {
  await compare("--url", `db-app=${await deployed({})}`);
  const { continuity } = readResults(folder).apps[0]?.scenarios ?? {};
  expect(continuity?.raw).toEqual([
    "db-app/continuity.json",
    "db-app/continuity.k6.json",
    "db-app/continuity.samples.json.gz",
    "db-app/continuity.history.jsonl",
  ]);
  expect(continuity?.history).toMatchObject({ operations: 300, unsure: 0 });
  const counted = continuity?.history?.invariants[0];
  expect(counted).toMatchObject({ invariant: 1, verdict: "holds", promised: "yes" });
  expect(continuity?.strip).toHaveLength(30);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(
    "One visitor, request by request",
  );
});

it("goes on with a run that was stopped, and keeps what that had measured", async () => {
  const url = await deployed({});
  await command.compare("--url", `x=${url}`, "--scenarios", "continuity,spread", "--out", folder);
  const file = join(folder, "results.json");
  const { apps, ...rest } = readResults(folder);
  const [{ scenarios, ...app }] = apps as [(typeof apps)[number]];
  const { continuity } = scenarios;
  const stopped = { ...rest, complete: false, apps: [{ ...app, scenarios: { continuity } }] };
  writeFileSync(file, JSON.stringify(stopped));
  const { exitCode, stderr } = await command.compare("--resume", folder);
  const after = readResults(folder);
  expect(after.apps[0]?.scenarios, stderr).toMatchObject({
    continuity,
    spread: { verdict: "works" },
  });
  expect([after.complete, after.startedAt, exitCode]).toEqual([true, rest.startedAt, 0]);
});

async function untilSome<T>(look: () => T[]): Promise<T[]> {
  for (;;) {
    const found = look();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
