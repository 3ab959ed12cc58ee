import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { bareEnv } from "./programs.ts";

/** One process of the machine. `started` tells a process from a later one with the same pid. */
export interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly started: string;
}

/** Every process that runs on this machine, without the dead ones that are not yet reaped. */
export function listProcesses(): ProcessEntry[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

export function startedAt(pid: number): string | undefined {
  if (process.platform === "linux") return readProc(String(pid))?.started;
  return fromPs().find((entry) => entry.pid === pid)?.started;
}

/** The environment of a process, on macOS with its arguments; empty when this user may not read it. */
export function environmentOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/environ`, "utf8");
    return execFileSync("ps", ["eww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

function fromProc(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const entry = readProc(name);
    if (entry) entries.push(entry);
  }
  return entries;
}

let bootId: string | undefined;

function readProc(pid: string): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name in parentheses may contain anything; what follows its last ")" is plain.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    // Start times count from the boot of the machine.
    bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { pid: Number(pid), group: Number(fields[2]), started: `${bootId} ${fields[19]}` };
  } catch {
    return undefined; // It has ended.
  }
}

function fromPs(): ProcessEntry[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,pgid=,stat=,lstart="], {
    encoding: "utf8",
    env: bareEnv(),
  });
  return text.split("\n").flatMap((line) => {
    const [pid, group, stat, ...started] = line.trim().split(/\s+/);
    if (!pid || stat?.startsWith("Z")) return [];
    return [{ pid: Number(pid), group: Number(group), started: started.join(" ") }];
  });
}

/** Resident memory of process groups in bytes, by group. */
export function groupMemoryBytes(groups: readonly number[]): Map<number, number> {
  const memory = new Map<number, number>();
  if (groups.length === 0) return memory;
  for (const { group, kilobytes } of residentKilobytes(new Set(groups))) {
    memory.set(group, (memory.get(group) ?? 0) + kilobytes * 1_024);
  }
  return memory;
}

function residentKilobytes(groups: ReadonlySet<number>) {
  if (process.platform === "linux") {
    return listProcesses()
      .filter(({ group }) => groups.has(group))
      .map(({ pid, group }) => ({ group, kilobytes: residentOf(pid) }));
  }
  const table = execFileSync("ps", ["-A", "-o", "pgid=,rss="], {
    encoding: "utf8",
    env: bareEnv(),
  });
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([group = 0, kilobytes = 0]) => ({ group, kilobytes }))
    .filter(({ group }) => groups.has(group));
}

function residentOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // It has ended.
  }
}
