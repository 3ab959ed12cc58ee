import { expect } from "vitest";
import type { Played } from "./rule.ts";
import { newTerminal, type Terminal } from "./terminal.ts";

const UP = / is up\n +(https:\S+)[\s\S]*Live view[^\n]*: (\S+)\n[^\n]*EVENTS=(\S+)/;

/** Types the commands of one document one after another, and Ctrl-C at the end of it. */
export async function play(commands: { command: string; rule: Played }[]): Promise<void> {
  const terminal = newTerminal();
  const apps: ReturnType<Terminal["start"]>[] = [];
  let url = "";
  let events = "";

  async function bringUp(command: string) {
    const app = terminal.start(command);
    apps.push(app);
    const [, address = "", liveView = "", eventsUrl = ""] = await app.says(UP);
    url = address;
    events = eventsUrl;
    expect((await fetch(liveView)).status).toBe(200);
  }

  try {
    for (const { command, rule } of commands) {
      if ("bringsUp" in rule) await bringUp(command);
      else if ("saysThenCtrlC" in rule) {
        const running = terminal.start(command);
        await running.says(rule.saysThenCtrlC);
        expect(await running.ctrlC(), running.output()).toBe(0);
      } else await terminal.run(rule.as?.(command, url, events) ?? command);
    }
  } finally {
    for (const app of apps) await app.ctrlC();
  }
  for (const app of apps) expect(await app.end, app.output()).toBe(0);
  expect(terminal.left()).toEqual([]);
}
