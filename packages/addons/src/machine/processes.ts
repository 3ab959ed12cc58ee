import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { listProcesses } from "./process-table.ts";

/** Where a run records what it started, so that the next command can clean up after a `kill -9`. */
export interface ProcessRecord {
  add(pid: number, endSignal: NodeJS.Signals): void;
  remove(pid: number): void;
}

export interface GroupOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  record?: ProcessRecord | undefined;
  /** What ends the group when this process exits. Postgres needs SIGQUIT to free its shared memory. Default: SIGKILL. */
  endSignal?: NodeJS.Signals;
  /** Write to the output of this process, colors included. */
  inheritOutput?: boolean;
}

const liveGroups = new Map<number, { endSignal: NodeJS.Signals; leaderLives: boolean }>();
const foldersToRemove = new Set<string>();
const LAST_WAIT_MS = 3_000;

// Nothing that this process started outlives it, also after an uncaught error or `process.exit`.
process.on("exit", () => {
  for (const [pid, { endSignal }] of liveGroups) signalGroup(pid, endSignal);
  // Their folders can be removed once they write no more.
  const deadline = performance.now() + LAST_WAIT_MS;
  for (const [pid, group] of liveGroups) {
    group.leaderLives = false; // No event will say so any more.
    while (groupLives(pid) && performance.now() < deadline) sleep(10);
    signalGroup(pid, "SIGKILL");
  }
  for (const folder of foldersToRemove) rmSync(folder, REMOVAL);
});

/** Blocks this process: for its exit only. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Starts a program as the leader of a new process group, which a terminal's Ctrl-C does not reach. */
export function startGroup(command: string, args: string[], options: GroupOptions): ChildProcess {
  const { record, endSignal = "SIGKILL", inheritOutput, ...rest } = options;
  const output = inheritOutput ? "inherit" : "pipe";
  const stdio: StdioOptions = ["pipe", output, output];
  const child: ChildProcess = spawn(command, args, { ...rest, detached: true, stdio });
  // A child may end before it reads what we wrote.
  child.stdin?.on("error", () => {});
  const { pid } = child;
  if (pid === undefined) return child;
  const group = { endSignal, leaderLives: true };
  liveGroups.set(pid, group);
  record?.add(pid, endSignal);
  child.once("exit", () => {
    group.leaderLives = false;
    // Children of the leader may still live; `endGroup` ends them, and forgets the group.
    if (!groupLives(pid)) forgetGroup(pid, record);
  });
  return child;
}

/**
 * Ends a process group: sends `signal`, and SIGKILL to what still lives after `graceMs`.
 * @returns whether SIGKILL was needed
 */
export async function endGroup(
  pid: number,
  signal: NodeJS.Signals,
  graceMs: number,
  record?: ProcessRecord,
): Promise<boolean> {
  signalGroup(pid, signal);
  const killed = !(await groupEnds(pid, graceMs));
  if (killed) {
    signalGroup(pid, "SIGKILL");
    await groupEnds(pid, 5_000);
  }
  forgetGroup(pid, record);
  return killed;
}

function forgetGroup(pid: number, record?: ProcessRecord): void {
  liveGroups.delete(pid);
  record?.remove(pid);
}

async function groupEnds(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let pauseMs = 5; groupLives(pid); pauseMs = Math.min(pauseMs * 1.5, 100)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return true;
}

export function groupLives(pid: number): boolean {
  if (liveGroups.get(pid)?.leaderLives) return true;
  try {
    process.kill(-pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // The kernel counts dead processes until they are reaped, which in a container may never happen.
  return listProcesses().some((entry) => entry.group === pid);
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has already ended.
  }
}

/** Removes a folder when this process exits, unless the function that it returns is called before. */
export function removeFolderAtExit(folder: string): () => void {
  foldersToRemove.add(folder);
  return () => foldersToRemove.delete(folder);
}

// Somebody may still be writing into a folder for a moment.
const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 };

/** The router goes on meanwhile: a dyno's folder has thousands of files, and on a busy disk they take seconds. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, REMOVAL);
}
