import { existsSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname } from "node:path";
import { listProcesses } from "@repo/addons/process-table";
import { answers } from "@repo/addons/server";
import { expect, onTestFinished, test } from "vitest";
import { fixture, makeFolder, upForTest } from "../test/app.ts";
import { readRun } from "./run/record.ts";
import { up } from "./up.ts";

const WITH_REDIS = JSON.stringify({ addons: ["heroku-redis:mini"] });

test("two apps are up at once, each with its own servers", async () => {
  const dir = makeFolder({ "app.json": WITH_REDIS }, "node");
  const [one, two] = await Promise.all([
    upForTest({ dir, name: "one" }),
    upForTest({ dir, name: "two" }),
  ]);
  expect(one.config().REDIS_URL).not.toBe(two.config().REDIS_URL);
  expect(((await one.ask("/")) as { cwd: string }).cwd).toContain("dynos-one-");
  expect(((await two.ask("/")) as { cwd: string }).cwd).toContain("dynos-two-");
});

test("an app that is up already is not brought up twice", async () => {
  await upForTest({ dir: fixture("node"), name: "once" });
  await expect(up({ dir: fixture("node"), name: "once" })).rejects.toThrow("`once` is already up");
});

test("an occupied port: the message names it and the option", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const dir = fixture("node");
  await expect(up({ dir, port })).rejects.toThrow(
    `Port ${port} is in use. Choose another one with \`--port\``,
  );
  await expect(up({ dir, httpsPort: port })).rejects.toThrow("`--https-port`");
});

test("down leaves no process, no port and no file", async () => {
  const dir = makeFolder({ "app.json": WITH_REDIS }, "node");
  const app = await upForTest({ dir, name: "gone", web: 2 });
  const run = readRun("gone");
  const port = Number(new URL(app.config().REDIS_URL ?? "").port);
  const pids = run?.processes.map(({ pid }) => pid) ?? [];
  expect(pids).toHaveLength(3);
  await app.down();
  await app.ended;
  const alive = new Set(listProcesses().map(({ pid }) => pid));
  expect(pids.filter((pid) => alive.has(pid))).toEqual([]);
  expect(await answers(port)).toBe(false);
  expect(await answers(Number(new URL(app.url).port))).toBe(false);
  expect(await answers(Number(new URL(app.httpsUrl).port))).toBe(false);
  expect(existsSync(run?.folder ?? "")).toBe(false);
  expect(existsSync(`${process.env.DYNOS_HOME}/gone`)).toBe(false);
});

test("an abort while it comes up takes down what there is", async () => {
  const stopping = new AbortController();
  const dir = makeFolder({ "app.json": WITH_REDIS }, "node");
  let folder = "";
  const coming = up({
    dir,
    name: "aborted",
    signal: stopping.signal,
    onProgress(text) {
      folder = readRun("aborted")?.folder ?? folder;
      if (text.startsWith("Running the release command")) stopping.abort(new Error("enough"));
    },
  });
  await expect(coming).rejects.toThrow("enough");
  expect(folder).not.toBe("");
  expect(existsSync(folder)).toBe(false);
  expect(readRun("aborted")).toBeUndefined();
});

test("only its user can open the control socket", async () => {
  await upForTest({ dir: fixture("node"), name: "closed" });
  const socket = readRun("closed")?.socket ?? "";
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  expect(statSync(socket).mode & 0o077).toBe(0);
});

test("an add-on is stopped and started while the app runs", async () => {
  const dir = makeFolder({ "app.json": WITH_REDIS }, "node");
  const app = await upForTest({ dir });
  const port = Number(new URL(app.config().REDIS_URL ?? "").port);
  await app.addonStop("heroku-redis");
  expect(app.addons()).toMatchObject([{ name: "heroku-redis", state: "stopped" }]);
  expect(await answers(port)).toBe(false);
  expect((await app.get("/")).status).toBe(200);
  await app.addonStart("heroku-redis:mini");
  expect(await answers(port)).toBe(true);
  await expect(app.addonStop("mysql")).rejects.toThrow("There is no add-on `mysql`");
});

test("affinity is a switch that takes effect at once", async () => {
  const app = await upForTest({ dir: fixture("node"), affinity: true });
  const cookie = async () => (await app.get("/")).headers.get("set-cookie") ?? "";
  expect(await cookie()).toContain("heroku-session-affinity=");
  await app.setAffinity(false);
  expect(await cookie()).toBe("");
});

test("progress tells of the copy, the add-ons, the release and each dyno", async () => {
  const dir = makeFolder({ "app.json": WITH_REDIS }, "node");
  const app = await upForTest({ dir, web: 2 });
  const text = app.progress.join("\n");
  expect(text).toMatch(
    /Copying [\s\S]*heroku-redis is available[\s\S]*Running the release command[\s\S]*web\.\d is up\nweb\.\d is up/,
  );
});

test("a name must follow Heroku's rules", async () => {
  await expect(up({ dir: fixture("node"), name: "Big_App" })).rejects.toThrow(
    "is not a name for an app",
  );
});
