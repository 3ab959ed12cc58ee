import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildEnv } from "./build-env.ts";
import { mustRun } from "./run.ts";

export interface SlugSize {
  /** What is ours of it, as it lies on a dyno's disk. */
  unpacked: number;
  /** The same, packed. */
  packed: number;
  /** Packed with Node and its npm, which the buildpack adds: what Heroku stores, and limits to 500. */
  withNode: number;
}

/** What the buildpack takes from Node's own archive into the slug's `.heroku/node`. */
const NODE_FILES = ["bin/node", "include/node", "lib/node_modules/npm"];

/** Measures the slug in `folder`, in megabytes of 1,048,576 bytes. */
export async function slugSize(folder: string): Promise<SlugSize> {
  const [kilobytes = ""] = (
    await mustRun(["du", "-sk", folder], { cwd: folder, env: buildEnv({}) })
  ).split("\t");
  const packed = await packedBytes(folder, ["."]);
  const node = dirname(dirname(process.execPath));
  const nodeFiles = NODE_FILES.filter((path) => existsSync(join(node, path)));
  return {
    unpacked: Math.round(Number(kilobytes) / 1024),
    packed: megabytes(packed),
    withNode: megabytes(packed + (await packedBytes(node, nodeFiles))),
  };
}

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);

async function packedBytes(folder: string, paths: string[]): Promise<number> {
  const tar = spawn("tar", ["-cz", ...paths], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let bytes = 0;
  tar.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const [code] = await once(tar, "close");
  if (code !== 0) throw new Error(`[deploy] tar ended with ${code}.`);
  return bytes;
}
