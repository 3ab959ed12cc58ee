import { readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startedAt } from "@repo/addons/process-table";
import type { ProcessRecord } from "@repo/addons/processes";
import { stateFolder, stateRoot } from "./state-folder.ts";

export interface RecordedProcess {
  pid: number;
  /** Tells it from a later process with the same pid. */
  started: string;
  endSignal: NodeJS.Signals;
}

/** What one running app has on this machine, recorded as it happens. */
export interface Run {
  owner: { pid: number; started: string };
  folder: string;
  /** Where its verbs are served; `dynos dev` serves none. */
  socket?: string | undefined;
  processes: RecordedProcess[];
}

export interface RunRecord extends ProcessRecord {
  /** The app is down: forgets it. */
  close(): void;
}

const pathOf = (app: string) => join(stateRoot(), app, "run.json");

export function readRun(app: string): Run | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(app), "utf8"));
  } catch {
    return undefined; // It is not up, or is coming up or going down.
  }
}

export function ownerLives(run: Run): boolean {
  return startedAt(run.owner.pid) === run.owner.started;
}

/**
 * Takes the name of an app for this process.
 * @throws when another process has it
 */
export function claimRun(app: string, folder: string, socket?: string): RunRecord {
  stateFolder(app);
  const path = pathOf(app);
  const owner = { pid: process.pid, started: startedAt(process.pid) ?? "" };
  const run: Run = { owner, folder, socket, processes: [] };
  const options = { mode: 0o600 };
  try {
    writeFileSync(path, JSON.stringify(run), { ...options, flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new Error(
      `[dynos] \`${app}\` is already up. Take it down with \`dynos down -a ${app}\`, or choose another name with \`-a\`.`,
    );
  }
  let closed = false;
  const save = () => {
    // A process may report its end after the app's.
    if (closed) return;
    writeFileSync(`${path}.new`, JSON.stringify(run), options);
    renameSync(`${path}.new`, path);
  };
  return {
    add(pid, endSignal) {
      run.processes.push({ pid, started: startedAt(pid) ?? "", endSignal });
      save();
    },
    remove(pid) {
      run.processes = run.processes.filter((entry) => entry.pid !== pid);
      save();
    },
    close() {
      closed = true;
      dropRun(app);
    },
  };
}

/** Forgets a run that is over, and its app's folder too when nothing is kept there. */
export function dropRun(app: string): void {
  rmSync(pathOf(app), { force: true });
  try {
    rmdirSync(join(stateRoot(), app));
  } catch {
    // Its secrets are in there.
  }
}
