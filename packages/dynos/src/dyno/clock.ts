import { spawnSync } from "node:child_process";
import { existsSync, globSync, realpathSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

/** libfaketime, for programs with several threads, where packages put it. bin/setup links one into .cache/bin. */
const LIBRARIES = [
  ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "libfaketime.so.1")),
  "/usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/{lib64,local/lib}/faketime/libfaketimeMT.so.1",
  "/{opt/homebrew,usr/local}/lib/faketime/libfaketime.1.dylib",
];

const PRELOAD = process.platform === "darwin" ? "DYLD_INSERT_LIBRARIES" : "LD_PRELOAD";

/** A wrong clock needs libfaketime, which this machine does not have or which has no effect here. */
export class MissingClock extends Error {
  override readonly name = "MissingClock";

  constructor() {
    super(
      "[dynos] Missing program `libfaketime`, which gives a dyno a wrong clock. Install it with `bin/setup --tests`, or by your package manager: its package is called libfaketime.",
    );
  }
}

let library: string | null | undefined;

/** Whether this machine can give a dyno a wrong clock. Tries it once. */
export function canSetClocks(): boolean {
  if (library === undefined) {
    const found = LIBRARIES.flatMap((path) => globSync(path)).find(works);
    library = found ? realpathSync(found) : null;
  }
  return library !== null;
}

/**
 * What makes the programs of a shell's command see a time that differs by so many seconds. Durations stay right: of the
 * clocks only the time of day is wrong.
 * @throws {MissingClock}
 */
export function withClock(
  command: string,
  env: NodeJS.ProcessEnv,
  seconds: number,
): { command: string; env: NodeJS.ProcessEnv } {
  if (seconds === 0) return { command, env };
  if (!canSetClocks() || !library) throw new MissingClock();
  return preloading(library, command, env, seconds);
}

function preloading(path: string, command: string, env: NodeJS.ProcessEnv, seconds: number) {
  const offset = `${seconds < 0 ? "" : "+"}${seconds}`;
  const more = {
    [PRELOAD]: path,
    FAKETIME: offset,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    ...(process.platform === "darwin" ? { DYLD_FORCE_FLAT_NAMESPACE: "1" } : {}),
  };
  if (process.platform !== "darwin") return { command, env: { ...env, ...more } };
  // macOS takes such variables away from its own shell, but not from what the shell starts.
  const exports = Object.entries(more).map(([name, value]) => `export ${name}='${value}'; `);
  return { command: exports.join("") + command, env };
}

/** The library's file, which has to stay visible where /tmp is private. */
export const clockLibrary = (): string | undefined => library ?? undefined;

function works(path: string): boolean {
  if (!existsSync(path)) return false;
  const script = `'${process.execPath}' -p 'Date.now()'`;
  const { command, env } = preloading(path, script, { PATH: process.env.PATH } as never, -3_600);
  const { stdout, pid } = spawnSync("/bin/sh", ["-c", command], { env, encoding: "utf8" });
  forgetClock(pid);
  return Math.abs(Date.now() - 3_600_000 - Number(stdout)) < 60_000;
}

/** libfaketime keeps a page of shared memory under its first process' number, and leaves it there after a SIGKILL. */
export function forgetClock(pid: number): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`])
    rmSync(join("/dev/shm", name), { force: true });
}

/** "60 s behind" */
export function describeClock(seconds: number): string {
  return `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead"}`;
}
