import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { listProcesses } from "@repo/addons/process-table";
import { bareEnv } from "@repo/addons/programs";

/** Resident memory of process groups in bytes, by group: what a dyno's 512 MB are counted in. */
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
      .map(({ pid, group }) => ({ group, kilobytes: fromProc(pid) }));
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

function fromProc(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // It ended while we looked.
  }
}
