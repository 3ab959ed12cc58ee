import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { watchWaits } from "./waits.ts";

test.runIf(process.platform === "linux")(
  "a dyno that waits for a processor is noticed, and one that sleeps is not",
  async () => {
    const run = (script: string) => {
      const child = spawn(process.execPath, ["-e", script], { detached: true, stdio: "ignore" });
      onTestFinished(() => void child.kill("SIGKILL"));
      return child.pid as number;
    };
    // More processes than processors, all of them busy: each waits for its turn.
    const busy = Array.from({ length: cpus().length + 2 }, () => run("for (;;);"));
    const idle = run("setInterval(() => {}, 1_000)");
    const groups = { "web.1": busy[0], "web.2": idle };
    const dynos = Object.entries(groups).map(([name, group]) => ({ name, group }));
    const watched = watchWaits(() => dynos as never);
    onTestFinished(watched.stop);
    const began = Date.now();
    const waited = (name: string) =>
      watched.waits
        .filter(({ dyno }) => dyno === name)
        .reduce((sum, { start, end }) => sum + end - start, 0);
    await expect.poll(() => waited("web.1"), { timeout: 20_000 }).toBeGreaterThan(200);
    expect(waited("web.1")).toBeLessThanOrEqual(Date.now() - began + 250);
    expect(waited("web.2")).toBeLessThan(waited("web.1"));
  },
);
