import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "@repo/registry";

export interface Ended {
  /** The exit code, or the signal that ended it. */
  code: number | string | null;
  out: string;
  err: string;
}

/** `bin/compare` as it is typed. */
export function compare(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(join(ROOT, "bin/compare"), args, { stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    said.err += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code: code ?? signal, ...said }));
  });
  return { child, ended };
}

/** Resolves when the command has said it, on its error output. */
export function says(child: ChildProcess, words: RegExp): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk) => {
      said += chunk;
      if (words.test(said)) resolve();
    });
    child.on("close", () => reject(new Error(`It ended without saying ${words}:\n${said}`)));
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
