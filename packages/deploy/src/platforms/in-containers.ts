import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort } from "@repo/addons/ports";
import { ROOT } from "@repo/registry";
import { buildEnv } from "../build-env.ts";
import { mustRun, run } from "../run.ts";
import { askContinuity } from "./ask.ts";

/** Builds and starts the compose file of an app by Docker, asks through its Caddy, and takes everything down again. */
export async function inContainers(name: string, say: (text: string) => void): Promise<void> {
  const [http, https] = [await freePort(), await freePort()];
  const secret = () => randomBytes(32).toString("hex");
  const env = buildEnv({
    ...{ HTTP_PORT: String(http), HTTPS_PORT: String(https) },
    ...{ SESSION_SECRET: secret(), ACTIONS_SECRET: secret(), POSTGRES_PASSWORD: secret() },
  });
  const file = join("packages/deploy/platforms", name, "compose.yaml");
  const compose = ["docker", "compose", "--project-name", `check-${process.pid}`, "--file", file];
  const shown = { cwd: ROOT, env, onOutput: (text: string) => process.stdout.write(text) };
  try {
    say("docker compose up");
    await mustRun([...compose, "up", "--build", "--detach", "--wait"], shown);
    // Caddy's site has no port, so it answers to its name on any.
    await askContinuity(`https://localhost:${https}`, say);
    say("does what its compose file says, in containers");
  } finally {
    await run([...compose, "down", "--volumes", "--rmi", "local"], shown);
  }
}
