import type { ProcessRecord } from "@repo/addons/processes";
import { startDyno } from "./dyno/dyno.ts";
import { createFormation } from "./dyno/formation.ts";
import { createOneOffs, type OneOffs } from "./dyno/one-off.ts";
import type { Formation } from "./dyno/types.ts";
import type { Log, Progress } from "./log.ts";
import { createReleases } from "./release/releases.ts";
import type { Config, Releases, Slug } from "./release/types.ts";
import type { RouterOptions } from "./router/types.ts";
import type { RunFolder } from "./run/folder.ts";
import type { Timeouts } from "./up-options.ts";

interface PlatformShared {
  readonly name: string;
  readonly dir: string;
  readonly folder: RunFolder;
  readonly record: ProcessRecord;
  readonly log: Log;
  readonly progress: Progress;
  readonly timeouts: Timeouts;
}

export interface PlatformOptions extends PlatformShared {
  affinity: boolean;
  preboot: boolean;
}

/** Releases and dynos of one app. */
export interface Platform extends PlatformShared {
  readonly releases: Releases;
  readonly formation: Formation;
  readonly oneOffs: OneOffs;
  /** Runs one task after the other, in the order of the calls: of two deploys the second waits. */
  exclusively<T>(task: () => Promise<T>): Promise<T>;
  affinity(): boolean;
  setAffinity(on: boolean): void;
  preboot(): boolean;
  setPreboot(on: boolean): void;
  /**
   * Runs the release command, then makes the release current.
   * @throws when the command fails; the current release stays current then:
   *   https://devcenter.heroku.com/articles/release-phase (1 Apr 2024)
   */
  release(description: string, slug: Slug, config: Config): Promise<void>;
  /** Replaces all dynos with dynos of the current release: at once, or with preboot. */
  replaceDynos(): Promise<void>;
  /** Runs app.json's postdeploy script. Throws when it fails. */
  postdeploy(command: string): Promise<void>;
  stop(): Promise<void>;
  /** What the router asks. */
  readonly routing: Pick<RouterOptions, "dynos" | "state" | "webDynos" | "affinity" | "log">;
}

export function createPlatform(options: PlatformOptions): Platform {
  const { folder, record, log, progress, timeouts } = options;
  const releases = createReleases();
  const oneOffs = createOneOffs();
  let { affinity, preboot } = options;
  const sayFeature = (name: string, on: boolean) =>
    log.write("heroku", "api", `Feature ${name} ${on ? "enabled" : "disabled"}`);

  const formation = createFormation({
    launch(name, type, clockSeconds) {
      const { slug, config } = releases.current();
      const command = slug.procfile.get(type) ?? "";
      const web = type === "web";
      const parent = folder.dynos;
      const where = { parent, record, log };
      return startDyno({ name, command, web, slug, config, ...where, timeouts, clockSeconds });
    },
    backoffMs: timeouts.crashBackoffMs,
    steadyMs: timeouts.steadyMs,
    onProgress: progress.say,
  });

  /** Runs a command in a one-off dyno; its output goes to the log. */
  async function runOneOff(type: string, command: string, using: { slug: Slug; config: Config }) {
    const code = await oneOffs.run({
      type,
      command,
      ...using,
      parent: folder.dynos,
      record,
      onLine: (text, name) => log.write("app", name, text),
    });
    if (code !== 0) {
      throw new Error(`[dynos] The ${type} command \`${command}\` failed with exit code ${code}.`);
    }
  }

  return {
    ...options,
    releases,
    formation,
    oneOffs,
    exclusively: createQueue(),
    affinity: () => affinity,
    setAffinity(on) {
      affinity = on;
      sayFeature("http-session-affinity", on);
    },
    preboot: () => preboot,
    setPreboot(on) {
      preboot = on;
      sayFeature("preboot", on);
    },
    async release(description, slug, config) {
      const release = releases.add(description, slug, config);
      const command = slug.procfile.get("release");
      log.write("heroku", "api", `Release v${release.version} created: ${description}`);
      progress.say(`Release v${release.version}: ${description}`);
      if (command) progress.say(`Running the release command \`${command}\``);
      try {
        if (command) await runOneOff("release", command, release);
      } catch (error) {
        release.status = "failed";
        throw error;
      }
      releases.succeed(release);
    },
    async replaceDynos() {
      if (!preboot) return formation.restart();
      const seconds = timeouts.prebootMs / 1_000;
      const text = `Preboot: old web dynos take all requests for ${seconds} s while new ones start`;
      log.write("heroku", "api", text);
      progress.say(text);
      await formation.replaceBeside(timeouts.prebootMs, () =>
        log.write("heroku", "api", "Preboot: new web dynos take all requests, old ones stop"),
      );
    },
    postdeploy: (command) => runOneOff("postdeploy", command, releases.current()),
    async stop() {
      await Promise.all([formation.stop(), oneOffs.stop(timeouts.stopMs)]);
    },
    routing: {
      dynos: formation.routed,
      state: formation.webState,
      webDynos: () => formation.quantities().web ?? 0,
      affinity: () => affinity,
      log: (line) => log.write("heroku", "router", line),
    },
  };
}

function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => {});
    return mine;
  };
}
