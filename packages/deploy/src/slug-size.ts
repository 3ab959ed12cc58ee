import { spawn } from "node:child_process";
import { once } from "node:events";
import { buildEnv } from "./build-env.ts";
import { mustRun } from "./run.ts";

/** Megabytes of a slug, as they lie on a dyno's disk and packed, which is what Heroku limits to 500. */
export async function slugSize(folder: string): Promise<{ unpacked: number; packed: number }> {
  const [kilobytes = ""] = (
    await mustRun(["du", "-sk", folder], { cwd: folder, env: buildEnv({}) })
  ).split("\t");
  const tar = spawn("tar", ["-cz", "."], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let bytes = 0;
  tar.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const [code] = await once(tar, "close");
  if (code !== 0) throw new Error(`[deploy] tar ended with ${code}.`);
  return {
    unpacked: Math.round(Number(kilobytes) / 1024),
    packed: Math.round(bytes / 1024 / 1024),
  };
}
