import { environmentOf, listProcesses } from "@repo/dynos/process-table";
import { expect } from "vitest";
import type { Terminal } from "./terminal.ts";

const UP_WITHIN_MS = 120_000;

/** Runs a `bin/dynos up` until the app is there, and answers its address and how to press Ctrl-C. */
export async function bringUp(terminal: Terminal, command: string) {
  const app = terminal.start(`exec ${command}`);
  const stop = async () => {
    app.kill("SIGINT");
    return app.ended;
  };
  let ended = false;
  void app.ended.then(() => {
    ended = true;
  });
  const giveUp = Date.now() + UP_WITHIN_MS;
  let greeting: RegExpExecArray | null = null;
  while (!greeting) {
    greeting = / is up\n +(https:\S+)[\s\S]*Live view[^\n]*: (\S+)/.exec(app.output());
    if (!greeting && (ended || Date.now() > giveUp)) {
      await stop();
      throw new Error(`\`${command}\` brought nothing up:\n${app.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [, url = "", liveView = ""] = greeting;
  return { url, liveView, output: app.output, stop };
}

/** Fails where something that was started in this terminal still runs. */
export function expectNothingLeft({ home }: Terminal): void {
  const left = listProcesses().filter(({ pid }) => environmentOf(pid).includes(home));
  expect(left).toEqual([]);
}
