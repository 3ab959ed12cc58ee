import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { copyTree } from "@repo/addons/copy-tree";
import {
  endGroup,
  type ProcessRecord,
  removeFolder,
  signalGroup,
  startGroup,
} from "@repo/addons/processes";
import type { Config } from "../release/config.ts";
import type { Slug } from "../release/slug.ts";
import { dynoEnv } from "./env.ts";

export interface DynoProcessOptions {
  /** `web.1`, `release.1234` */
  name: string;
  command: string;
  slug: Slug;
  config: Config;
  port?: number | undefined;
  /** Where the dyno's own folder is made. */
  parent: string;
  record: ProcessRecord;
  onLine(text: string): void;
}

export interface DynoProcess {
  /** Its process group, which carries the number of its first process. */
  readonly group: number | undefined;
  /** Resolves when its first process has ended: it serves nobody any more. */
  readonly exited: Promise<unknown>;
  /** The exit code, or 128 plus the signal as a shell counts. Resolves when nothing of the dyno is left. */
  readonly ended: Promise<number>;
  /** SIGTERM to all its processes, SIGKILL after the grace. True when it took that. */
  stop(graceMs: number): Promise<boolean>;
  kill(): void;
}

// Heroku runs commands with bash. Whoever has none has no command that needs it, probably.
const SHELL = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";
const SIGNALS: Partial<Record<NodeJS.Signals, number>> = {
  SIGTERM: 15,
  SIGKILL: 9,
  SIGINT: 2,
  SIGSEGV: 11,
};

/** A fresh copy of the slug as working directory, home and disk, and the command in it. */
export async function startDynoProcess(options: DynoProcessOptions): Promise<DynoProcess> {
  const { name, command, slug, config, port, record } = options;
  const folder = mkdtempSync(join(options.parent, `${name}-`));
  const [home, temporary] = [join(folder, "app"), join(folder, "tmp")];
  mkdirSync(home);
  mkdirSync(temporary);
  try {
    await copyTree(slug.folder, home);
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
  const env = dynoEnv({ config, dyno: name, port, home, temporary, node: slug.node });
  const child = startGroup(SHELL, ["-c", command], { cwd: home, env, record });
  child.stdin?.end();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", options.onLine);
  }

  const exited = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      options.onLine(error.message);
      resolve(127);
    });
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (SIGNALS[signal ?? "SIGTERM"] ?? 0)),
    );
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let stopping: Promise<boolean> | undefined;
  const end = async (signal: NodeJS.Signals, graceMs: number) =>
    child.pid === undefined ? false : endGroup(child.pid, signal, graceMs, record);

  return {
    group: child.pid,
    exited,
    ended: exited.then(async (code) => {
      // A dyno ends with its first process: what that one started goes too.
      if (stopping) await stopping;
      else await end("SIGKILL", 0);
      // Its last words may still be on their way to us.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
      removeFolder(folder);
      return code;
    }),
    stop(graceMs) {
      stopping ??= end("SIGTERM", graceMs);
      return stopping;
    },
    kill() {
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    },
  };
}
