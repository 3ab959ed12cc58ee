/** Loaded into the app's process before the app: says how much CPU time it has used, and where, on request. */
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

export type Question = { ask: "cpu" } | { ask: "profile" } | { ask: "end-profile"; file: string };

const SAMPLE_EVERY_MICROSECONDS = 200;
const inspector = new Session();

async function answer(question: Question): Promise<unknown> {
  if (question.ask === "cpu") return process.cpuUsage();
  if (question.ask === "profile") {
    inspector.connect();
    await inspector.post("Profiler.enable");
    await inspector.post("Profiler.setSamplingInterval", { interval: SAMPLE_EVERY_MICROSECONDS });
    await inspector.post("Profiler.start");
    return "started";
  }
  const { profile } = await inspector.post("Profiler.stop");
  inspector.disconnect();
  writeFileSync(question.file, JSON.stringify(profile));
  return "written";
}

process.on("message", async (question: Question) => process.send?.(await answer(question)));
process.channel?.unref();
