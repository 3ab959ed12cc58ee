import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Machine } from "../src/results.ts";
import { k6Version } from "./k6.ts";
import { root } from "./known.ts";

export function machine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    memoryBytes: totalmem(),
    cpu: processors[0]?.model.trim() ?? "unknown",
    os: `${type()} ${release()}`,
  };
}

/** Versions of what takes part in every run. The stores add theirs when they are up. */
export async function versions(): Promise<Record<string, string>> {
  return { k6: await k6Version(), node: process.versions.node, next: packageVersion("next") };
}

function packageVersion(name: string): string {
  const require = createRequire(join(root, "packages/session/package.json"));
  return JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")).version;
}
