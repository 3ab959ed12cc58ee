import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture, until, upForTest } from "../../test/app.ts";
import { canSetClocks } from "./clock.ts";

interface Told {
  pid: number;
  now: number;
  uptimeMs: number;
}

const withLibrary = test.skipIf(!canSetClocks());

withLibrary(
  "a dyno's clock is set, durations stay right, and a restart sets it right",
  async () => {
    const app = await upForTest({ dir: fixture("node"), web: 1 });
    const ask = (): Promise<Told> => app.ask("/clock");
    await app.setClock("web.1", -60);
    const first = await ask();
    expect(Math.abs(first.now + 60_000 - Date.now())).toBeLessThan(5_000);
    expect(app.ps()).toMatchObject([{ name: "web.1", state: "up", clockSeconds: -60 }]);
    const second = await ask();
    const [byClock, byUptime] = [second.now - first.now, second.uptimeMs - first.uptimeMs];
    expect(Math.abs(byClock - byUptime)).toBeLessThan(1_000);

    await app.kill("web.1");
    expect(Math.abs((await ask()).now - Date.now())).toBeLessThan(5_000);
    expect(app.ps()[0]?.clockSeconds).toBeUndefined();
    // libfaketime leaves its shared memory behind when its process is killed
    await until(() => app.logs().some((line) => line.includes("Process exited with status 137")));
    expect(existsSync(`/dev/shm/faketime_shm_${first.pid}`)).toBe(false);

    await app.setClock("web.1", 3_600);
    expect(Math.abs((await ask()).now - 3_600_000 - Date.now())).toBeLessThan(5_000);
    await app.setClock("web.1", 0);
    expect(Math.abs((await ask()).now - Date.now())).toBeLessThan(5_000);
  },
);

test("a clock that cannot be set is refused", async () => {
  const app = await upForTest({ dir: fixture("node") });
  await expect(app.setClock("web.1", 0.5)).rejects.toThrow("a whole number of seconds");
  await expect(app.setClock("web.9", -60)).rejects.toThrow("There is no dyno `web.9`");
});
