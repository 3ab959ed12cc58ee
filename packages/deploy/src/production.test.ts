import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, up } from "@repo/dynos";
import { ROOT } from "@repo/registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const secret = randomBytes(32).toString("hex");
const largestMegabytes = 300;
let app: App;

/** db-app as its button makes it, but for the number of dynos: four, the most for the plan's 20 connections. */
beforeAll(async () => {
  app = await up({
    dir: join(ROOT, "apps/db-app"),
    name: `production-${process.pid}`,
    web: 4,
    env: { SESSION_SECRET: secret },
  });
}, 120_000);
afterAll(() => app?.down(), 60_000);

/**
 * Visitors who come again and again until `until` is done, enough of them to fill every pool. Answers how often they
 * got which status.
 */
async function visitUntil(until: () => Promise<unknown>): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  let over = false;
  const visitor = async () => {
    while (!over) {
      const { status } = await fetch(`${app.url}/api/session`, { method: "POST" });
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  const visitors = Array.from({ length: 48 }, visitor);
  await until();
  over = true;
  await Promise.all(visitors);
  return statuses;
}

describe("db-app on four dynos", () => {
  test("restarts and deploys under load, within 20 connections: nobody is refused by Postgres", async () => {
    const statuses = await visitUntil(async () => {
      await app.restart();
      // Two generations of dynos and the release process at once.
      await app.configSet({ SESSION_IDLE_SECONDS: "1209601" });
    });
    // A connection too many would be a 503, or a failed release. What was wrong is in the log.
    const errors = app.logs().filter((line) => /error|failed|code=H/i.test(line));
    expect(Object.keys(statuses), errors.slice(0, 10).join("\n")).toEqual(["200"]);
  }, 120_000);

  test("a wrong config var fails the release, and the dynos of the old one go on", async () => {
    const changes: Record<string, string>[] = [
      { SESSION_SECRET: "short" },
      { DATABASE_POOL_MAX: "0" },
    ];
    for (const wrong of changes) {
      await expect(app.configSet(wrong)).rejects.toThrow(/release/i);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
      expect(app.config()).not.toMatchObject(wrong);
    }
  }, 60_000);

  test.runIf(process.platform === "linux")(
    "a dyno's memory at its highest stays under 300 of its 512 MB",
    async () => {
      await visitUntil(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
      const peaks = peakMegabytes();
      expect(peaks.length).toBeGreaterThanOrEqual(4);
      for (const megabytes of peaks) expect(megabytes).toBeLessThan(largestMegabytes);
    },
    60_000,
  );
});

/** Of each process that was given our secret: all its memory at the worst moment, as Heroku counts it. */
function peakMegabytes(): number[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(`SESSION_SECRET=${secret}`))
        return [];
      const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
      return peak ? [Number(peak[1]) / 1024] : [];
    } catch {
      return []; // Not a process, not ours to look into, or just gone.
    }
  });
}
