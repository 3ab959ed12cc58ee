import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { environmentOf, listProcesses } from "@repo/addons/process-table";
import { root } from "./documents.ts";

const SAYS_WITHIN_MS = 120_000;

/** A shell at the root of the checkout, with our tools and with a separate state folder. */
export function newTerminal() {
  const home = mkdtempSync(join(process.env.DOCS_TEST_HOME ?? "", "home-"));

  function start(command: string) {
    const child = spawn(join(root, "bin/with-tools"), ["sh", "-c", command], {
      cwd: root,
      env: { ...process.env, DYNOS_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let ended = false;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    const end = once(child, "close").then(([code, signal]): number | string => {
      ended = true;
      return code ?? signal;
    });
    return {
      /** Its exit code, or the signal that ended it. */
      end,
      output: () => output,
      ctrlC() {
        child.kill("SIGINT");
        return end;
      },
      /** Resolves when it has said so; throws, with what it said instead, where it ends or takes too long. */
      async says(words: RegExp) {
        const giveUp = Date.now() + SAYS_WITHIN_MS;
        for (;;) {
          const said = words.exec(output);
          if (said) return said;
          if (ended || Date.now() > giveUp) {
            child.kill("SIGINT");
            throw new Error(`$ ${command}\nwithout saying ${words}:\n${output}`);
          }
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    };
  }

  return {
    /** In the foreground: `exec`, so that Ctrl-C is for the command and not for the shell. */
    start: (command: string) => start(`exec ${command}`),
    /** Throws where it fails. */
    async run(command: string) {
      const { end, output } = start(command);
      const code = await end;
      if (code !== 0) throw new Error(`$ ${command}\nended with ${code}:\n${output()}`);
    },
    /** The processes that were started here and still run. */
    left: () => listProcesses().filter(({ pid }) => environmentOf(pid).includes(home)),
  };
}

export type Terminal = ReturnType<typeof newTerminal>;
