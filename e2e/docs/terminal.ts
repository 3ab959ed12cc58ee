import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { root } from "./documents.ts";

/** A shell at the root of the checkout, with our tools and a state folder of its own. */
export function newTerminal() {
  const home = mkdtempSync(join(process.env.DOCS_TEST_HOME ?? "", "home-"));

  /** Starts it; `ended` answers its exit code, or the signal that ended it. */
  function start(command: string) {
    // `exec`: a signal to the child is one to the command itself, as Ctrl-C is.
    const child = spawn(join(root, "bin/with-tools"), ["sh", "-c", command], {
      cwd: root,
      env: { ...process.env, DYNOS_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
    return { pid: child.pid ?? 0, ended, output: () => output, kill: child.kill.bind(child) };
  }

  return { home, start };
}

export type Terminal = ReturnType<typeof newTerminal>;
export type Running = ReturnType<Terminal["start"]>;
