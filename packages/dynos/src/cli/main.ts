import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { addAddonVerbs } from "./addons.ts";
import { addDownVerb } from "./down.ts";
import { addDynoVerbs } from "./dynos.ts";
import { onInterruption } from "./interruption.ts";
import { addLogsVerb } from "./logs.ts";
import { sayProgress } from "./output.ts";
import { addReleaseVerbs } from "./releases.ts";
import type { UpFlags } from "./up.ts";

const program = new Command("dynos")
  .description("A local Heroku: app.json and Procfile in, routed dynos out.")
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("up [dir]")
  .description("bring an app up: a folder with a Procfile, and an app.json where there is one")
  .option("-a, --app <name>", "its name (default: made from the folder's)")
  .option("--manifest <file>", "another app.json of the folder")
  .option("--web <number>", "web dynos (default: the manifest's formation)", toNumber)
  .option("--port <port>", "for http (default: any free one)", toNumber)
  .option("--https-port <port>", "for https (default: any free one)", toNumber)
  .option("--affinity", "with http-session-affinity")
  .option("--env <KEY=value>", "a config var; may be repeated", collect, [])
  .option("-d, --detach", "go on in the background")
  .action(async (dir: string | undefined, flags: UpFlags) => {
    // Loaded only here: the other verbs answer faster without the router and its libraries.
    const { upCommand } = await import("./up.ts");
    await upCommand(dir ?? ".", flags);
  });

program
  .command("dev [dir]")
  .description("develop an app: its add-ons, and its processes in its own folder")
  .option("--manifest <file>", "another app.json of the folder")
  .action(async (dir: string | undefined, { manifest }: { manifest?: string }) => {
    const { dev } = await import("../dev.ts");
    const { signal } = onInterruption(() => {});
    await dev({ dir: resolve(dir ?? "."), manifest, onProgress: sayProgress, signal });
  });

program
  .command("ui")
  .description(
    "serve the live view of all running apps: requests on their way, sessions found and lost",
  )
  .option("--port <port>", "its port (default: any free one)", toNumber)
  .action(async (flags: { port?: number }) => {
    const { uiCommand } = await import("./ui.ts");
    await uiCommand(flags);
  });

addDynoVerbs(program);
addLogsVerb(program);
addReleaseVerbs(program);
addAddonVerbs(program);
addDownVerb(program);

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

function collect(text: string, before: string[]): string[] {
  return [...before, text];
}
