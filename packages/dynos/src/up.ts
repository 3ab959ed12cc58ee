import { resolve } from "node:path";
import { planAddons, startAddons } from "@repo/addons";
import { makeCertificate } from "@repo/addons/certificate";
import type { App } from "./app.ts";
import { serveControl } from "./control/server.ts";
import { createWatch } from "./control/watch.ts";
import { createApp } from "./create-app.ts";
import { sharedTmpNote } from "./dyno/private-tmp.ts";
import { firstQuantities } from "./dyno/quantities.ts";
import { DynosCrashed } from "./dyno/types.ts";
import { createLog, createProgress, formatLine, type Log, type LogLine } from "./log.ts";
import { createPlatform } from "./platform.ts";
import { describeBuildpack } from "./release/buildpack.ts";
import { firstConfig, generatedSecret } from "./release/config.ts";
import { readManifest } from "./release/manifest.ts";
import { readProcfile } from "./release/procfile.ts";
import { makeSlug, slugSource } from "./release/slug.ts";
import { createRouter } from "./router/router.ts";
import type { Router } from "./router/types.ts";
import { cleanUpKilledRuns } from "./run/clean-up.ts";
import { createClosers } from "./run/closers.ts";
import { makeRunFolder } from "./run/folder.ts";
import { claimRun } from "./run/record.ts";
import { appName } from "./run/state-folder.ts";
import { HEROKU_DYNO_TIMEOUTS, type UpOptions } from "./up-options.ts";

/**
 * Brings an app up as the Deploy button would: add-ons, release, postdeploy, dynos, router.
 * @returns the app, when its dynos are up
 * @throws {DynosCrashed} when a dyno crashes or does not bind its port at its first boot, unless `keepCrashed`
 * @throws {MissingProgram} when an add-on needs a program that this machine does not have
 * @throws {Error} with a message that begins with `[dynos]` for what is wrong with the options, `app.json`, the Procfile,
 *   a taken name or port, or a release or postdeploy command that fails; the signal's reason when it aborts
 *
 * Whatever it throws, nothing is left of the app.
 */
export async function up(options: UpOptions): Promise<App> {
  const { dir, signal, env = {} } = options;
  const timeouts = { ...HEROKU_DYNO_TIMEOUTS, ...options.timeouts };
  // What needs only files is checked first.
  const name = appName(dir, options.name);
  const manifest = readManifest(resolve(dir, options.manifest ?? "app.json"), {
    optional: options.manifest === undefined,
  });
  const planned = planAddons(manifest.addons, env, { pooler: options.pooler });
  const quantities = firstQuantities(manifest, readProcfile(slugSource(dir)), options.web);
  signal?.throwIfAborted();

  const log = createLog();
  const { onLog } = options;
  if (onLog) log.follow((line) => onLog(formatLine(line), line));
  const progress = createProgress(options.onProgress);
  for (const warning of manifest.warnings) progress.say(`Warning: ${warning}`);
  const closers = createClosers((error) => log.write("heroku", "api", error.message));
  const onAbort = () => void closers.closeAll();
  signal?.addEventListener("abort", onAbort);
  closers.defer(() => signal?.removeEventListener("abort", onAbort));
  try {
    for (const killed of await cleanUpKilledRuns()) {
      progress.say(`Cleaned up after ${killed}, whose process was killed`);
    }
    const folder = makeRunFolder(name);
    closers.defer(folder.remove);
    const record = claimRun(name, folder.path, folder.socket);
    closers.defer(record.close);
    const platform = createPlatform({
      name,
      dir,
      folder,
      record,
      log,
      progress,
      timeouts,
      affinity: options.affinity ?? false,
      preboot: options.preboot ?? false,
    });
    const watch = createWatch();
    const router = createRouter({
      ...platform.routing,
      port: options.port ?? 0,
      httpsPort: options.httpsPort ?? 0,
      tls: await makeCertificate(),
      timeouts: timeouts.router,
      onRequest(event) {
        watch.count(event);
        options.onRequest?.(event);
      },
    });
    const ports = await listen(router, options.httpsPort);
    closers.defer(router.close);

    progress.say(`Copying ${slugSource(dir)}`);
    const addonOptions = { parent: folder.addons, record };
    const [slug, addons] = await Promise.all([
      makeSlug(dir, folder.slugs, name),
      startAddons(planned, addonOptions, progress.say).then((started) => {
        closers.defer(async () => void (await Promise.all(started.map((each) => each.remove()))));
        return started;
      }),
    ]);
    closers.defer(platform.stop);
    if (slug.buildpack) log.write("heroku", "api", describeBuildpack(slug.buildpack));
    const note = sharedTmpNote();
    if (note) progress.say(note);
    closers.throwIfClosed();

    const addonVars = Object.assign({}, ...addons.map((addon) => addon.vars));
    const config = firstConfig(name, manifest, addonVars, env);
    const app = createApp({
      platform,
      addons,
      ports,
      secret: options.secret ?? generatedSecret(manifest),
      routed: watch.routed,
      down: closers.closeAll,
      ended: closers.closed,
    });
    const stopWatch = watch.begin(app);
    closers.defer(stopWatch);
    const control = await serveControl(folder.socket, { app, log, progress, watch });
    closers.defer(control.close);
    await platform.release("Deploy", slug, config);
    if (manifest.postdeploy) await platform.postdeploy(manifest.postdeploy);
    closers.throwIfClosed();
    try {
      await platform.formation.scale(quantities);
    } catch (error) {
      if (!(error instanceof DynosCrashed)) throw error;
      if (!options.keepCrashed) throw new DynosCrashed(error.dynos, crashLog(log));
      progress.say(error.message);
    }
    closers.throwIfClosed();
    return app;
  } catch (error) {
    await closers.closeAll();
    signal?.throwIfAborted();
    throw error;
  }
}

/** Enough to hold a stack trace. */
const CRASH_LINES = 25;

/** What the app and its dynos said last. */
function crashLog(log: Log): string[] {
  const said = ({ process }: LogLine) => process !== "api" && process !== "router";
  return log.recent().filter(said).slice(-CRASH_LINES).map(formatLine);
}

/** Opens the router's two ports. An error about one that is taken names it and the option to choose another. */
async function listen(router: Router, httpsPort?: number) {
  try {
    return await router.listen();
  } catch (cause) {
    const { code, port } = cause as NodeJS.ErrnoException & { port?: number };
    if (code !== "EADDRINUSE") throw cause;
    const option = port === httpsPort ? "--https-port" : "--port";
    throw new Error(`[dynos] Port ${port} is in use. Choose another one with \`${option}\`.`);
  }
}
