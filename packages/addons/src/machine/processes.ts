import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { listProcesses } from "./process-table.ts";

/** Where a run writes down what it started, so that the next command can clean up after a `kill -9`. */
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
  /** What ends the group at the very last moment. Postgres wants SIGQUIT, so that it frees its memory. */
  endSignal?: NodeJS.Signals;
  /** Print straight to our own output, colours and all. */
  inheritOutput?: boolean;
}

const liveGroups = new Map<number, { endSignal: NodeJS.Signals; leaderLives: boolean }>();
const foldersToRemove = new Set<string>();
const LAST_WAIT_MS = 3_000;

// Whatever ends this process (an uncaught error, `process.exit`), nothing that it started outlives it.
process.on("exit", () => {
  for (const [pid, { endSignal }] of liveGroups) signalGroup(pid, endSignal);
  // Their folders can only go once nobody writes into them any more.
  const deadline = performance.now() + LAST_WAIT_MS;
  for (const [pid, group] of liveGroups) {
    group.leaderLives = false; // Nobody will tell us now: look for yourself.
    while (groupLives(pid) && performance.now() < deadline) sleep(10);
    signalGroup(pid, "SIGKILL");
  }
  for (const folder of foldersToRemove) removeFolder(folder);
});

/** Blocks everything: for the very last moment only. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Starts a program as the leader of a process group of its own: a terminal's Ctrl-C does not reach it. */
export function startGroup(command: string, args: string[], options: GroupOptions): ChildProcess {
  const { record, endSignal = "SIGKILL", inheritOutput, ...rest } = options;
  const output = inheritOutput ? "inherit" : "pipe";
  const stdio: StdioOptions = ["pipe", output, output];
  const child: ChildProcess = spawn(command, args, { ...rest, detached: true, stdio });
  // A child that ended before it read what we wrote is no reason to end ourselves.
  child.stdin?.on("error", () => {});
  const { pid } = child;
  if (pid === undefined) return child;
  const group = { endSignal, leaderLives: true };
  liveGroups.set(pid, group);
  record?.add(pid, endSignal);
  child.once("exit", () => {
    group.leaderLives = false;
    // Children of the leader may live on; `endGroup` ends them, and forgets the group.
    if (!groupLives(pid)) forgetGroup(pid, record);
  });
  return child;
}

/** Sends `signal` to the whole group, and SIGKILL when it still lives after `graceMs`. True when it had to. */
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
  // The kernel counts the dead too until somebody reaps them, and in a container maybe nobody does.
  return listProcesses().some((entry) => entry.group === pid);
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Removed when this process ends, however it ends. Call what is returned once it has been removed. */
export function removeFolderAtExit(folder: string): () => void {
  foldersToRemove.add(folder);
  return () => foldersToRemove.delete(folder);
}

export function removeFolder(folder: string): void {
  // Somebody may still be writing into it for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
