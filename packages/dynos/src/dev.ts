import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { planAddons, startAddons } from "@repo/addons";
import { freePort, isFree } from "@repo/addons/ports";
import { endGroup, startGroup } from "@repo/addons/processes";
import { firstConfig } from "./release/config.ts";
import { readManifest } from "./release/manifest.ts";
import { readProcfile } from "./release/procfile.ts";
import { readPackageJson } from "./release/slug.ts";
import type { Config } from "./release/types.ts";
import { cleanUpKilledRuns } from "./run/clean-up.ts";
import { createClosers } from "./run/closers.ts";
import { makeRunFolder } from "./run/folder.ts";
import { claimRun } from "./run/record.ts";
import { appName } from "./run/state-folder.ts";

export interface DevOptions {
  dir: string;
  manifest?: string | undefined;
  onProgress(text: string): void;
  signal: AbortSignal;
}

const STOP_WITHIN_MS = 5_000;

/**
 * Starts an app for development: its add-ons, then the release and web commands of its `Procfile.dev` or `Procfile`, in
 * its own folder instead of in dynos. The environment wins over app.json.
 * @returns when the web process has ended
 * @throws when something is missing or not valid, a command fails, or the port is in use
 */
export async function dev({ dir, manifest: file, onProgress, signal }: DevOptions): Promise<void> {
  const name = appName(dir);
  const manifest = readManifest(resolve(dir, file ?? "app.json"), { optional: file === undefined });
  const procfileName = existsSync(join(dir, "Procfile.dev")) ? "Procfile.dev" : "Procfile";
  const procfile = readProcfile(dir, procfileName);
  const web = procfile.get("web");
  if (!web) throw new Error(`[dynos] \`${procfileName}\` has no \`web\` process. Add one.`);
  const port = await devPort(dir, name);
  const own = ownVariables();
  for (const warning of manifest.warnings) onProgress(`Warning: ${warning}`);

  const closers = createClosers((error) => onProgress(error.message));
  signal.addEventListener("abort", () => void closers.closeAll());
  try {
    await cleanUpKilledRuns();
    closers.throwIfClosed();
    const folder = makeRunFolder(name);
    closers.defer(folder.remove);
    const record = claimRun(`${name}.dev`, folder.path);
    closers.defer(record.close);
    const planned = planAddons(manifest.addons, own);
    const addons = await startAddons(planned, { parent: folder.addons, record }, onProgress);
    closers.defer(async () => void (await Promise.all(addons.map((addon) => addon.remove()))));
    closers.throwIfClosed();

    const addonVars = Object.assign({}, ...addons.map((addon) => addon.vars));
    const config = firstConfig(name, manifest, addonVars, own);
    const runHere = async (command: string) => {
      const path = [dirname(process.execPath), join(dir, "node_modules/.bin"), config.PATH ?? ""];
      const env = { ...config, PATH: path.join(delimiter), PORT: String(port) };
      const options = { cwd: dir, env, record, inheritOutput: true };
      const child = startGroup("/bin/sh", ["-c", command], options);
      child.stdin?.end();
      const { pid } = child;
      if (pid !== undefined) {
        closers.defer(async () => void (await endGroup(pid, "SIGTERM", STOP_WITHIN_MS, record)));
      }
      const code = await new Promise<number>((done) =>
        child.once("exit", (exitCode) => done(exitCode ?? 1)),
      );
      if (code !== 0 && !signal.aborted) {
        throw new Error(`[dynos] \`${command}\` failed with exit code ${code}.`);
      }
    };
    const release = procfile.get("release");
    if (release) await runHere(release);
    closers.throwIfClosed();
    onProgress(`http://localhost:${port}`);
    await runHere(web);
  } finally {
    await closers.closeAll();
  }
}

/** `PORT_DB_APP` for the app db-app, else the `devPort` of its package.json, else any free one. */
async function devPort(dir: string, name: string): Promise<number> {
  const variable = `PORT_${name.toUpperCase().replaceAll("-", "_")}`;
  const asked = process.env[variable];
  const [port, setting] = asked
    ? [Number(asked), `${variable}=${asked}`]
    : [readPackageJson(dir)?.dynos?.devPort, "devPort in package.json"];
  if (port === undefined) return freePort();
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`[dynos] \`${setting}\` is not a port. Use a number from 1 to 65535.`);
  }
  if (await isFree(port)) return port;
  throw new Error(
    `[dynos] Port ${port} is in use. Choose another one for ${name}: \`${variable}=${port < 64_536 ? port + 1_000 : port - 1_000}\`.`,
  );
}

function ownVariables(): Config {
  const entries = Object.entries(process.env).filter(([, value]) => value);
  return Object.fromEntries(entries) as Config;
}
