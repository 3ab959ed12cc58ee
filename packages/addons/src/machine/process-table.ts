import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { bareEnv } from "./programs.ts";

/** One process of the machine. `started` tells a process from a later one with the same pid. */
export interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly started: string;
}

/** Every process of the machine that still runs; what is dead and not yet reaped is left out. */
export function listProcesses(): ProcessEntry[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

export function startedAt(pid: number): string | undefined {
  if (process.platform === "linux") return readProc(String(pid))?.started;
  return fromPs().find((entry) => entry.pid === pid)?.started;
}

/** What a process was told through its environment and arguments; "" when we may not see it. */
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
    return undefined; // It ended while we looked.
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
