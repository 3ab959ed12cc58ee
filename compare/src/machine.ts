import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "@repo/registry";
import type { Machine } from "@repo/report/results";
import { k6Version } from "./k6.ts";

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
  const k6 = await k6Version();
  return { k6, node: process.versions.node, next: packageVersion("next", "packages/session") };
}

/** The version of a package as one of ours has it. */
export function packageVersion(name: string, from: string): string {
  const own = findPackageJSON(name, pathToFileURL(join(ROOT, from, "package.json")));
  if (!own) throw new Error(`Missing package \`${name}\`. Run \`bin/setup\`.`);
  return JSON.parse(readFileSync(own, "utf8")).version;
}
