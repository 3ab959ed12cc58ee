import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { buildEnv } from "../build-env.ts";
import { mustRun } from "../run.ts";

/** Asks load/continuity.ts of what stands behind a proxy. It ends with an error where a session does not follow. */
export async function askContinuity(url: string, say: (text: string) => void): Promise<void> {
  say(`load/continuity.ts through Caddy at ${url}`);
  // An expectation makes anything else a failed run, "not tested" on one instance included.
  const settings = { BASE_URL: url, EXPECT: "works" };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  await mustRun(
    ["k6", "run", "--quiet", "--no-usage-report", "--address=", ...options, "load/continuity.ts"],
    { cwd: join(ROOT), env: buildEnv({}), onOutput: (text) => process.stdout.write(text) },
  );
}
