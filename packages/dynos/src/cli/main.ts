import { once } from "node:events";
import { resolve } from "node:path";
import { onInterruption } from "@repo/addons/interruption";
import { Command, InvalidArgumentError } from "commander";
import { runningApps } from "../control/client.ts";
import { say, sayProgress } from "./output.ts";
import type { UpFlags } from "./up.ts";
import { addVerbs } from "./verbs.ts";

const program = new Command("dynos")
  .description("A local Heroku: app.json and Procfile in, routed dynos out.")
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("up [dir]")
  .description("bring up the app in a folder, from its Procfile and app.json")
  .option("-a, --app <name>", "the app's name (default: made from the folder's)")
  .option("--manifest <file>", "a file other than app.json")
  .option("--web <number>", "number of web dynos (default: app.json's formation)", toNumber)
  .option("--port <port>", "port for http (default: any free one)", toNumber)
  .option("--https-port <port>", "port for https (default: any free one)", toNumber)
  .option("--affinity", "turn on http-session-affinity")
  .option(
    "--preboot [seconds]",
    "turn on preboot: new web dynos take over that many seconds after a release (180, as on Heroku)",
    toSeconds,
  )
  .option("--pooler", "attach PgBouncer to Postgres, as DATABASE_CONNECTION_POOL_URL")
  .option("--env <KEY=value>", "set a config var; may be repeated", collect, [])
  .option(
    "--secret <KEY>",
    "the config var that an event rotates (default: app.json's generated one)",
  )
  .option("-d, --detach", "run in the background")
  .action(async (dir: string | undefined, flags: UpFlags) => {
    // Loaded here, so that other verbs do not wait for the router's libraries.
    const { upCommand } = await import("./up.ts");
    await upCommand(dir ?? ".", flags);
  });

program
  .command("dev [dir]")
  .description("start an app for development: with its add-ons, in its own folder")
  .option("--manifest <file>", "a file other than app.json")
  .action(async (dir: string | undefined, { manifest }: { manifest?: string }) => {
    const { dev } = await import("../dev.ts");
    const { signal } = onInterruption(() => {});
    await dev({ dir: resolve(dir ?? "."), manifest, onProgress: sayProgress, signal });
  });

program
  .command("ui")
  .description("serve the live view of all running apps")
  .option("--port <port>", "port (default: any free one)", toNumber)
  .action(async (flags: { port?: number }) => {
    const { serveLiveView } = await import("../live-view/server.ts");
    const { signal } = onInterruption(() => {});
    const view = await serveLiveView(flags);
    say(`Live view: ${view.url}`);
    if (runningApps().length === 0)
      say("No app is up yet. The page shows apps as they come up: `dynos up DIR`.");
    if (!signal.aborted) await once(signal, "abort");
    view.close();
  });

addVerbs(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

function toNumber(text: string): number {
  if (/^\d+$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError("It must be a number from 0 to 65535.");
}

function toSeconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number of seconds.");
}

function collect(text: string, before: string[]): string[] {
  return [...before, text];
}
