import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { until } from "../../test/app.ts";
import { streamForTest } from "../../test/control.ts";
import type { App } from "../app.ts";
import type { LogQuery } from "../log.ts";
import { createLog } from "../log.ts";
import { createWatch } from "./watch.ts";

/** `logs --tail` of an app, by its control socket: what comes is heard when the response is read. */
async function tailForTest(query: LogQuery) {
  const log = createLog();
  log.write("app", "web.1", "before");
  const parts = { app: {} as App, log, watch: createWatch() };
  const { response } = await streamForTest("/tail", [query], parts);
  const heard: string[] = [];
  const read = () =>
    createInterface(response).on("line", (text) => heard.push(JSON.parse(text).line));
  return { log, heard, read };
}

test("a suspended `logs --tail` misses lines and is told how many: the app keeps only some for it", async () => {
  const { log, heard, read } = await tailForTest({ source: "app" });
  const written = 30_000;
  for (let count = 0; count < written; count++) {
    log.write("app", "web.1", `${count} ${"x".repeat(1_000)}`);
    log.write("heroku", "router", "not asked for");
    if (count % 100 === 0) await new Promise(setImmediate);
  }
  read();
  let later = 0;
  await until(() => {
    log.write("app", "web.1", "later");
    later += 1;
    return heard.at(-1)?.endsWith("app[web.1]: later") ?? false;
  });
  const told = heard.filter((line) => line.includes("heroku[logplex]: Error L11"));
  expect(told).toHaveLength(1);
  const missed = Number(/-> (\d+) messages dropped since \d{4}-/.exec(told[0] ?? "")?.[1]);
  const kept = heard.filter((line) => /: \d+ x/.test(line)).length;
  // Four megabytes and what a socket holds.
  expect(kept).toBeGreaterThan(3_000);
  expect(kept).toBeLessThan(9_000);
  expect(missed).toBeGreaterThanOrEqual(written - kept);
  expect(missed).toBeLessThanOrEqual(written - kept + later);
});

test("a reader that keeps up misses nothing, even of a burst", async () => {
  const { log, heard, read } = await tailForTest({});
  read();
  for (let count = 0; count < 2_000; count++) log.write("app", "web.1", "x".repeat(1_000));
  await until(() => heard.length === 2_001);
});
