import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "@repo/addons/ports";
import { answers } from "@repo/addons/server";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, until } from "../test/app.ts";
import { startDynosIn } from "../test/command.ts";

const FILES = {
  "package.json": JSON.stringify({ name: "shop" }),
  "app.json": JSON.stringify({
    env: { MODE: { value: "manifest" } },
    addons: ["heroku-redis:mini"],
  }),
  Procfile: "web: false\n",
  "Procfile.dev": "release: echo $REDIS_URL > released\nweb: node server.js\n",
};

function variableFor(dir: string): string {
  const name = dir.split("/").at(-1) ?? "";
  return `PORT_${name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/_$/, "")}`;
}

test("dev runs Procfile.dev in place with the add-ons, on the port of the app's variable", async () => {
  const dir = makeFolder(FILES, "node");
  const port = await freePort();
  const env = { [variableFor(dir)]: String(port), MODE: "mine" };
  const running = startDynosIn(dir, env, "dev");
  await until(() => running.output().includes(`listening on ${port}`));
  const response = await fetch(`http://127.0.0.1:${port}/env`);
  const seen = (await response.json()) as Record<string, string>;
  expect(seen).toMatchObject({ MODE: "mine", PORT: String(port) });
  expect(seen).not.toHaveProperty("DYNO");
  expect(seen).not.toHaveProperty("NODE_ENV", "production");
  expect(readFileSync(join(dir, "released"), "utf8").trim()).toBe(seen.REDIS_URL);
  const redis = Number(new URL(seen.REDIS_URL ?? "").port);
  expect(await answers(redis)).toBe(true);

  running.kill("SIGINT");
  expect(await running.ended).toBe(0);
  expect(await answers(port)).toBe(false);
  expect(await answers(redis)).toBe(false);
  expect(existsSync(join(dir, "server.js"))).toBe(true);
});

test("an occupied port: the message names it and the variable", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const dir = makeFolder(FILES, "node");
  const running = startDynosIn(dir, { [variableFor(dir)]: String(port) }, "dev");
  expect(await running.ended).toBe(1);
  expect(running.output()).toContain(`Port ${port} is in use`);
  expect(running.output()).toContain(`${variableFor(dir)}=`);
});

test("a server whose address the user gives is used instead of the add-on", async () => {
  const dir = makeFolder(FILES, "node");
  const port = await freePort();
  const env = { [variableFor(dir)]: String(port), REDIS_URL: "redis://mine" };
  const running = startDynosIn(dir, env, "dev");
  await until(() => running.output().includes(`listening on ${port}`));
  expect(readFileSync(join(dir, "released"), "utf8").trim()).toBe("redis://mine");
  expect(running.output()).not.toContain("heroku-redis");
});

test("a devPort that is not a port: the message names the setting", async () => {
  const packageJson = JSON.stringify({ name: "shop", dynos: { devPort: "abc" } });
  const dir = makeFolder({ ...FILES, "package.json": packageJson }, "node");
  const running = startDynosIn(dir, {}, "dev");
  expect(await running.ended).toBe(1);
  expect(running.output()).toContain("`devPort in package.json` is not a port");
});

test("a variable that is not a port: the message names it and its value", async () => {
  const dir = makeFolder(FILES, "node");
  const running = startDynosIn(dir, { [variableFor(dir)]: "abc" }, "dev");
  expect(await running.ended).toBe(1);
  expect(running.output()).toContain(`\`${variableFor(dir)}=abc\` is not a port`);
});
