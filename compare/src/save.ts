import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkResults } from "@repo/report/read";
import type { Results } from "@repo/report/results";

/** Keeps what was measured so far: never half a file, whenever it is stopped. */
export function saveResults(out: string, results: Results): void {
  mkdirSync(out, { recursive: true });
  const file = join(out, "results.json");
  writeFileSync(`${file}.part`, `${textOf(checkResults(results))}\n`);
  renameSync(`${file}.part`, file);
}

/** Indented, but for the many small marks of the strips, which take a line each. */
function textOf(results: Results): string {
  return JSON.stringify(results, null, 2).replace(
    /\{\s+("(?:dyno|event|skipped)": [^\n{}]*)(?:\n\s+("[^\n{}]*))?\s+\}/g,
    (_, first, second) => (second ? `{ ${first} ${second} }` : `{ ${first} }`),
  );
}
