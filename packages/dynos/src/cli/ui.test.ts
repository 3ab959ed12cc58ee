import { expect, test } from "vitest";
import { makeFolder, until, upForTest } from "../../test/app.ts";
import { startDynos } from "../../test/command.ts";
import { ask, openPage } from "../../test/live-view.ts";

const URL_OF_VIEW = /http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//;

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends `ui` at once while pages are open",
  async (signal) => {
    await upForTest({ dir: makeFolder({}, "node"), name: "seen" });
    const running = startDynos("ui");
    await until(() => URL_OF_VIEW.test(running.output()));
    const [url = ""] = URL_OF_VIEW.exec(running.output()) ?? [];
    const pages = [await openPage(url), await openPage(url)];
    for (const { sees } of pages) await sees("seen", () => true);
    running.kill(signal);
    expect(await running.ended).toBe(0);
    for (const { ended } of pages) await ended;
    expect(running.output()).toBe(`Live view: ${url}\n`);
  },
);

test("`ui` takes a port, and says when there is nothing to see yet", async () => {
  const running = startDynos("ui", "--port", "0");
  await until(() => running.output().includes("No app is up yet"));
  const taken = startDynos(
    "ui",
    "--port",
    new URL(URL_OF_VIEW.exec(running.output())?.[0] ?? "").port,
  );
  expect(await taken.ended).toBe(1);
  expect(taken.output()).toMatch(/EADDRINUSE/);
});

test("`up` prints the URL of a live view that shows it, for as long as it is up", async () => {
  const running = startDynos("up", makeFolder({}, "node"), "-a", "printed");
  await until(() => /Live view of all running apps: http/.test(running.output()));
  const [url = ""] = URL_OF_VIEW.exec(running.output()) ?? [];
  expect((await ask(url)).body).toContain("<title>Dynos, live</title>");
  const page = await openPage(url);
  await page.sees("printed", ({ dynos }) => dynos[0]?.state === "up");
  running.kill("SIGINT");
  expect(await running.ended).toBe(0);
  await page.ended;
});
