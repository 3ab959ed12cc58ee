import { chmodSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { copyTree } from "@repo/addons/copy-tree";
import {
  endGroup,
  type ProcessRecord,
  removeFolder,
  signalGroup,
  startGroup,
} from "@repo/addons/processes";
import type { Buildpack, Config, Slug } from "../release/types.ts";
import { clockLibrary, forgetClock, withClock } from "./clock.ts";
import { withPrivateTmp } from "./private-tmp.ts";

export interface DynoProcessOptions {
  /** `web.1`, `release.1234` */
  name: string;
  command: string;
  slug: Slug;
  config: Config;
  port?: number | undefined;
  /** By how many seconds its clock is ahead of the machine's; below 0: behind. Default: 0. */
  clockSeconds?: number | undefined;
  /** Where the dyno's own folder is made. */
  parent: string;
  record: ProcessRecord;
  onLine(text: string): void;
}

export interface DynoProcess {
  /** Its process group, which carries the number of its first process. */
  readonly group: number | undefined;
  /** Resolves when its first process has ended: it takes no more requests. */
  readonly exited: Promise<unknown>;
  /** The exit code, or 128 plus the signal as a shell counts. Resolves when nothing of the dyno is left. */
  readonly ended: Promise<number>;
  /** SIGTERM to all its processes, SIGKILL to those that live after `graceMs`. True when SIGKILL was needed. */
  stop(graceMs: number): Promise<boolean>;
  kill(): void;
  freeze(ms: number): Promise<void>;
}

// Heroku runs commands with bash (unsourced); a machine without it gets sh.
const SHELL = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";
const SIGNALS: Partial<Record<NodeJS.Signals, number>> = {
  SIGTERM: 15,
  SIGKILL: 9,
  SIGINT: 2,
  SIGSEGV: 11,
};

/** Runs a command in a new copy of the slug, which is its working directory, home and disk. */
export async function startDynoProcess(options: DynoProcessOptions): Promise<DynoProcess> {
  const { name, slug, config, port, record, clockSeconds = 0 } = options;
  const folder = mkdtempSync(join(options.parent, `${name}-`));
  const [home, temporary] = [join(folder, "app"), join(folder, "tmp")];
  mkdirSync(home);
  mkdirSync(temporary);
  try {
    await copyTree(slug.folder, home);
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
  chmodSync(temporary, 0o1777);
  const { buildpack } = slug;
  const { command, env } = withClock(
    options.command,
    dynoEnv({ config, dyno: name, port, home, temporary, buildpack }),
    clockSeconds,
  );
  const keep = [folder, ...(clockSeconds === 0 ? [] : [dirname(clockLibrary() ?? "")])];
  const shell = withPrivateTmp([SHELL, "-c", command], { temporary, keep, env });
  const child = startGroup(shell.command, shell.args, { cwd: home, env: shell.env, record });
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
  let thaw = () => {};
  const thawed = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  let stopping: Promise<boolean> | undefined;
  const end = async (signal: NodeJS.Signals, graceMs: number) =>
    child.pid === undefined ? false : endGroup(child.pid, signal, graceMs, record);

  return {
    group: child.pid,
    exited,
    ended: exited.then(async (code) => {
      // A dyno ends with its first process: the processes that it started end too.
      if (stopping) await stopping;
      else await end("SIGKILL", 0);
      // Its last output may still be in the pipes.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
      if (clockSeconds !== 0 && child.pid !== undefined) forgetClock(child.pid);
      await removeFolder(folder);
      return code;
    }),
    stop(graceMs) {
      // What is frozen cannot end.
      thaw();
      if (child.pid !== undefined) signalGroup(child.pid, "SIGCONT");
      stopping ??= end("SIGTERM", graceMs);
      return stopping;
    },
    kill() {
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    },
    async freeze(ms) {
      if (child.pid === undefined) return;
      signalGroup(child.pid, "SIGSTOP");
      const over = new Promise((resolve) => setTimeout(resolve, ms));
      await Promise.race([over, exited, thawed]);
      signalGroup(child.pid, "SIGCONT");
    },
  };
}

interface DynoEnvOptions {
  config: Config;
  dyno: string;
  port?: number | undefined;
  home: string;
  temporary: string;
  buildpack: Buildpack | null;
}

/** A dyno's environment: the config vars, what the platform adds, and of the user's environment only PATH and locale. */
export function dynoEnv(options: DynoEnvOptions): NodeJS.ProcessEnv {
  const { config, dyno, port, home, temporary, buildpack } = options;
  const own = dirname(process.execPath);
  const path = [...(buildpack?.programs ?? []), own, process.env.PATH ?? ""];
  if (buildpack?.language === "Node.js") path.push(join(home, "node_modules/.bin"));
  return {
    PATH: path.join(delimiter),
    ...inHome(buildpack?.defaults, home),
    ...locale(),
    // Next.js listens on it. On Heroku it is the name of the dyno's machine; here it keeps the app on loopback.
    HOSTNAME: "127.0.0.1",
    ...config,
    ...buildpack?.forced,
    HOME: home,
    TMPDIR: temporary,
    DYNO: dyno,
    ...(port !== undefined && { PORT: String(port) }),
  } as NodeJS.ProcessEnv; // Next.js' types, where they are loaded, demand a NODE_ENV of every environment
}

/** A buildpack's value may name the dyno's home. */
function inHome(vars: Config = {}, home: string): Config {
  return Object.fromEntries(
    Object.entries(vars).map(([key, value]) => [key, value.replaceAll("$HOME", home)]),
  );
}

function locale(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([key]) => /^(LANG|LC_[A-Z]+)$/.test(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, value ?? ""]));
}
