import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { execa } from "execa";

/** Runs `bin/compare` as a person types it. */
export function compare(...args: string[]) {
  return execa(join(ROOT, "bin/compare"), args, { reject: false, stdin: "ignore" });
}

/** Resolves when the command has written the words to its error output. */
export function says(running: ReturnType<typeof compare>, words: RegExp): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    running.stderr.on("data", (chunk) => {
      output += chunk;
      if (words.test(output)) resolve();
    });
    running.then(() => reject(new Error(`It ended without saying ${words}:\n${output}`)));
  });
}

export interface Process {
  pid: number;
  command: string;
}

/** All processes that this one has started, and those that they have. */
export function descendants(pid: number): Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const all = lines.map((line) => line.trim().split(/\s+/));
  const children = all.filter(([, parent]) => Number(parent) === pid);
  return children.flatMap(([child, , ...command]) => [
    { pid: Number(child), command: command.join(" ") },
    ...descendants(Number(child)),
  ]);
}

export function lives({ pid }: Process): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
