import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listProcesses, startedAt } from "@repo/addons/process-table";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, until, upForTest } from "../../test/app.ts";
import { startDynos } from "../../test/command.ts";
import { cleanUpKilledRuns } from "./clean-up.ts";
import { claimRun, readRun } from "./record.ts";
import { stateRoot } from "./state-folder.ts";

const WITH_POSTGRES = JSON.stringify({ addons: ["heroku-postgresql"] });

async function upAndKilled(name: string) {
  const Procfile = "web: sleep 1000 & exec node server.js\n";
  const dir = makeFolder({ "app.json": WITH_POSTGRES, Procfile }, "node");
  const running = startDynos("up", dir, "-a", name, "--web", "2");
  await until(() => running.output().includes(`${name} is up`), 40_000);
  const run = readRun(name);
  running.kill("SIGKILL");
  await running.ended;
  const groups = new Set(run?.processes.map(({ pid }) => pid));
  const left = () => listProcesses().filter(({ group }) => groups.has(group));
  expect(left().length).toBeGreaterThan(4);
  return { folder: run?.folder ?? "", left };
}

test("after a kill -9 of the command, down cleans up", async () => {
  const { folder, left } = await upAndKilled("killed");
  const down = startDynos("down", "-a", "killed");
  expect(await down.ended).toBe(0);
  expect(down.output()).toBe("Cleaned up after killed\n");
  expect(left()).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(readRun("killed")).toBeUndefined();
});

test("after a kill -9 of the command, the next up cleans up, whichever app it is", async () => {
  const { folder, left } = await upAndKilled("killed");
  const app = await upForTest({ dir: makeFolder({}, "node"), name: "next" });
  expect(app.progress).toContain("Cleaned up after killed, whose process was killed");
  expect(left()).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("a stranger with the pid of a dyno that is gone is left alone", async () => {
  const stranger = spawn("sleep", ["1000"], { detached: true });
  onTestFinished(() => void stranger.kill());
  const pid = stranger.pid ?? 0;
  const folder = makeFolder({});
  claimRun("strange", folder).add(pid, "SIGKILL");
  const run = readRun("strange");
  const processes = [{ pid, started: "before", endSignal: "SIGKILL" }];
  const dead = { ...run, owner: { pid: 2 ** 22 + 1, started: "x" }, processes };
  writeFileSync(join(stateRoot(), "strange/run.json"), JSON.stringify(dead));
  expect(await cleanUpKilledRuns()).toEqual(["strange"]);
  expect(startedAt(pid)).toBeDefined();
  expect(existsSync(folder)).toBe(false);
});

test("an app that is up is not cleaned away", async () => {
  const app = await upForTest({ dir: makeFolder({}, "node"), name: "alive" });
  expect(await cleanUpKilledRuns()).toEqual([]);
  expect((await app.get("/")).status).toBe(200);
});

test("a program that brought an app up and crashes leaves nothing", async () => {
  const dir = makeFolder({ "app.json": WITH_POSTGRES }, "node");
  const program = `
    const { up } = await import(${JSON.stringify(join(import.meta.dirname, "../up.ts"))});
    await up({ dir: ${JSON.stringify(dir)}, name: "crashing" });
    console.log("is up");
    setTimeout(() => { throw new Error("a mistake"); }, 200);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  const up = new Promise((resolve) => child.stdout.once("data", resolve));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await up;
  const run = readRun("crashing");
  expect(await ended).toBe(1);
  const groups = new Set(run?.processes.map(({ pid }) => pid));
  expect(groups.size).toBe(2);
  await until(() => !listProcesses().some(({ group }) => groups.has(group)));
  expect(existsSync(run?.folder ?? "")).toBe(false);
});
