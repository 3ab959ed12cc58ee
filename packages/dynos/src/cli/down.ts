import type { Command } from "commander";
import { chooseApp, runningApps } from "../control/client.ts";
import { cleanUpAfterTheDead } from "../run/clean-up.ts";
import { say } from "./output.ts";
import { addVerb, call, type Flags } from "./verb.ts";

export function addDownVerb(program: Command): void {
  addVerb(program, "down", "take an app down; cleans up after those that were killed").action(
    async (flags: Flags) => {
      const cleaned = await cleanUpAfterTheDead();
      for (const app of cleaned) say(`Cleaned up after ${app}`);
      // Cleaning up was all there was to do.
      if (flags.app ? cleaned.includes(flags.app) : cleaned.length && !runningApps().length) return;
      const { app } = chooseApp(flags.app);
      await call({ app }, "down");
      say(`${app} is down`);
    },
  );
}
