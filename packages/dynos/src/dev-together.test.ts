import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { freePort } from "@repo/addons/ports";
import { environmentOf, listProcesses } from "@repo/addons/process-table";
import { signalGroup } from "@repo/addons/processes";
import { answers } from "@repo/addons/server";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../test/app.ts";
import { readRun } from "./run/record.ts";
import { appName } from "./run/state-folder.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PATIENCE_MS = 90_000;

/** One without an add-on and one with: each app more is another Next.js that compiles, and says nothing new. */
const apps = ["cookie-app", "cache-app"];

test("apps are developed at once, each on its port, and Ctrl-C leaves nothing", {
  timeout: 2 * PATIENCE_MS,
}, async () => {
  const ports = await Promise.all(apps.map(() => freePort()));
  const env = Object.fromEntries(
    apps.map((name, at) => [
      `PORT_${appName(name).toUpperCase().replaceAll("-", "_")}`,
      String(ports[at]),
    ]),
  );
  const only = apps.map((name) => `--filter=${name}`);
  const turbo: ChildProcess = spawn(
    join(ROOT, "node_modules/.bin/turbo"),
    ["run", "dev", ...only],
    {
      cwd: ROOT,
      env: { ...process.env, ...env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
      detached: true,
      stdio: "ignore",
    },
  );
  const pid = turbo.pid ?? 0;
  const ended = once(turbo, "exit");
  onTestFinished(() => signalGroup(pid, "SIGKILL"));
  for (const port of ports) {
    await until(async () => {
      if (turbo.exitCode !== null) throw new Error(`turbo ended with ${turbo.exitCode}`);
      if (!(await answers(port))) return false;
      // Next.js may drop a connection while it compiles on a busy machine.
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      return answer?.ok ?? false;
    }, PATIENCE_MS);
  }
  const folders = apps.map((name) => readRun(`${appName(name)}.dev`)?.folder ?? "");
  expect(folders.every((folder) => existsSync(folder))).toBe(true);

  // A terminal sends it to everyone at once.
  signalGroup(pid, "SIGINT");
  await ended;
  await until(() => !folders.some((folder) => existsSync(folder)), 15_000);
  expect((await Promise.all(ports.map(answers))).some(Boolean)).toBe(false);
  const left = listProcesses().filter(({ pid }) =>
    folders.some((folder) => environmentOf(pid).includes(folder)),
  );
  expect(left).toEqual([]);
});
