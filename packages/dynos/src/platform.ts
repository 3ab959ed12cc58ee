import type { ProcessRecord } from "@repo/addons/processes";
import { startDyno } from "./dyno/dyno.ts";
import { createFormation } from "./dyno/formation.ts";
import { createOneOffs } from "./dyno/one-off.ts";
import type { Log } from "./log.ts";
import type { Progress } from "./progress.ts";
import type { Config } from "./release/config.ts";
import { createReleases } from "./release/releases.ts";
import type { Slug } from "./release/slug.ts";
import type { RunFolder } from "./run/folder.ts";
import { takeTurns } from "./take-turns.ts";
import type { Timeouts } from "./up-options.ts";

export interface PlatformOptions {
  name: string;
  dir: string;
  folder: RunFolder;
  record: ProcessRecord;
  log: Log;
  progress: Progress;
  timeouts: Timeouts;
  affinity: boolean;
}

export type Platform = ReturnType<typeof createPlatform>;

/** Releases and dynos of one app, and what the router asks about them. */
export function createPlatform(options: PlatformOptions) {
  const { folder, record, log, progress, timeouts } = options;
  const releases = createReleases();
  const oneOffs = createOneOffs();
  let affinity = options.affinity;

  const formation = createFormation({
    launch(name, type) {
      const { slug, config } = releases.current();
      const command = slug.procfile.get(type) ?? "";
      const web = type === "web";
      const parent = folder.dynos;
      return startDyno({ name, command, web, slug, config, parent, record, log, timeouts });
    },
    backoffMs: timeouts.crashBackoffMs,
    steadyMs: timeouts.steadyMs,
    onProgress: progress.say,
  });

  /** A command in a dyno of its own; what it prints goes to the log. */
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
    inTurn: takeTurns(),
    affinity: () => affinity,
    setAffinity(on: boolean) {
      affinity = on;
      log.write("heroku", "api", `Feature http-session-affinity ${on ? "enabled" : "disabled"}`);
    },
    /** Makes a release current once its release process has run. When that fails, nothing is replaced. */
    async release(description: string, slug: Slug, config: Config): Promise<void> {
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
    postdeploy: (command: string) => runOneOff("postdeploy", command, releases.current()),
    async stop(): Promise<void> {
      await Promise.all([formation.stop(), oneOffs.stop(timeouts.stopMs)]);
    },
    /** What the router wants to know. */
    routing: {
      dynos: formation.routed,
      state: formation.webState,
      webDynos: () => formation.quantities().web ?? 0,
      affinity: () => affinity,
      log: (line: string) => log.write("heroku", "router", line),
    },
  };
}
