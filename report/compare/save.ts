import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkResults } from "../src/read.ts";
import type { Results } from "../src/results.ts";

/** Keeps what was measured so far: never half a file, whenever it is stopped. */
export function saveResults(out: string, results: Results): void {
  mkdirSync(out, { recursive: true });
  const file = join(out, "results.json");
  writeFileSync(`${file}.part`, `${JSON.stringify(checkResults(results), null, 2)}\n`);
  renameSync(`${file}.part`, file);
}
