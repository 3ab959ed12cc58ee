import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanUpKilledRuns } from "@repo/dynos";

/** The workers of a test run that was killed end a moment after it, and only then are their apps without an owner. */
const LOOKS = 10;
const LOOK_MS = 1_000;

// Started by own-home.ts beside a test run, whose end it waits for.
const home = process.env.DYNOS_HOME ?? "";
await text(process.stdin);
for (let look = 0; look < LOOKS && existsSync(home); look += 1) {
  await cleanUpKilledRuns();
  await sleep(LOOK_MS);
}
await rm(home, { recursive: true, force: true });
