import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { listProcesses } from "@repo/addons/process-table";
import { ROOT } from "@repo/registry";
import { expect, test } from "vitest";

const RUN = `
  import { ownHome } from "./own-home.ts";
  import { up } from "@repo/dynos";
  ownHome();
  const dir = ${JSON.stringify(join(ROOT, "packages/dynos/fixtures/node"))};
  const app = await up({ dir, name: "orphan" });
  console.log(app.ps()[0].group);
`;

test("a test run that is killed leaves no dyno", async () => {
  const run = spawn(process.execPath, ["--input-type=module-typescript", "--eval", RUN], {
    cwd: join(ROOT, "e2e"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [group] = await once(run.stdout, "data");
  const dynoLives = () => listProcesses().some((process) => process.group === Number(group));
  expect(dynoLives()).toBe(true);
  run.kill("SIGKILL");
  await expect.poll(dynoLives, { timeout: 40_000 }).toBe(false);
}, 60_000);
