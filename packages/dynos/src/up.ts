import { resolve } from "node:path";
import { planAddons, startAddons } from "@repo/addons";
import { makeCertificate } from "@repo/addons/certificate";
import { type App, createApp } from "./app.ts";
import { serveControl } from "./control/server.ts";
import { createWatch } from "./control/watch.ts";
import { DynosCrashed } from "./dyno/dynos-crashed.ts";
import { firstQuantities } from "./dyno/quantities.ts";
import { createLog, formatLine } from "./log.ts";
import { createPlatform } from "./platform.ts";
import { createProgress } from "./progress.ts";
import { firstConfig } from "./release/config.ts";
import { readManifest } from "./release/manifest.ts";
import { readProcfile } from "./release/procfile.ts";
import { makeSlug, slugSource } from "./release/slug.ts";
import { listen } from "./router/listen.ts";
import { createRouter } from "./router/router.ts";
import { appName } from "./run/app-name.ts";
import { cleanUpAfterTheDead } from "./run/clean-up.ts";
import { createClosers } from "./run/closers.ts";
import { makeRunFolder } from "./run/folder.ts";
import { claimRun } from "./run/record.ts";
import { HEROKU_DYNO_TIMEOUTS, type UpOptions } from "./up-options.ts";

/** Brings an app up, as the Deploy button would. Resolves when its dynos are up; leaves nothing when it fails. */
export async function up(options: UpOptions): Promise<App> {
  const { dir, signal, env = {} } = options;
  const timeouts = { ...HEROKU_DYNO_TIMEOUTS, ...options.timeouts };
  // What needs nothing but files is checked first.
  const name = appName(dir, options.name);
  const manifest = readManifest(resolve(dir, options.manifest ?? "app.json"), {
    optional: options.manifest === undefined,
  });
  const planned = planAddons(manifest.addons, env);
  const quantities = firstQuantities(manifest, readProcfile(slugSource(dir)), options.web);
  signal?.throwIfAborted();

  const log = createLog();
  const { onLog } = options;
  if (onLog) log.follow((line) => onLog(formatLine(line), line));
  const progress = createProgress(options.onProgress);
  const closers = createClosers((error) => log.write("heroku", "api", error.message));
  const onAbort = () => void closers.closeAll();
  signal?.addEventListener("abort", onAbort);
  closers.defer(() => signal?.removeEventListener("abort", onAbort));
  try {
    for (const dead of await cleanUpAfterTheDead()) {
      progress.say(`Cleaned up after ${dead}, which had not been taken down`);
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
      makeSlug(dir, folder.slugs),
      startAddons(planned, addonOptions, progress.say).then((started) => {
        closers.defer(async () => void (await Promise.all(started.map((each) => each.remove()))));
        return started;
      }),
    ]);
    closers.defer(platform.stop);
    closers.goOn();

    const addonVars = Object.assign({}, ...addons.map((addon) => addon.vars));
    const config = firstConfig(name, manifest, addonVars, env);
    const app = createApp({
      platform,
      addons,
      ports,
      down: closers.closeAll,
      ended: closers.closed,
    });
    const stopWatch = watch.begin(app);
    closers.defer(stopWatch);
    const control = await serveControl(folder.socket, { app, log, progress, watch });
    closers.defer(control.close);
    await platform.release("Deploy", slug, config);
    if (manifest.postdeploy) await platform.postdeploy(manifest.postdeploy);
    closers.goOn();
    try {
      await platform.formation.scale(quantities);
    } catch (error) {
      if (!(options.keepCrashed && error instanceof DynosCrashed)) throw error;
      progress.say(error.message);
    }
    closers.goOn();
    return app;
  } catch (error) {
    await closers.closeAll();
    signal?.throwIfAborted();
    throw error;
  }
}
