import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { Visit } from "../src/results.ts";

/** How many requests are worth drawing. */
const longest = 40;

/** One visitor's requests in order, out of k6's raw samples, as load/README.md describes them. */
export async function readStrip(samples: string): Promise<Visit[]> {
  if (!existsSync(samples)) return [];
  const visits: { time: string; visit: Visit }[] = [];
  let visitor: string | undefined;
  const lines = createInterface({ input: createReadStream(samples).pipe(createGunzip()) });
  try {
    for await (const line of lines) {
      if (!line.includes('"visit_duration"')) continue;
      const { type, data } = JSON.parse(line);
      if (type !== "Point") continue;
      const { visitor: who, dyno = "", outcome } = data.tags;
      visitor ??= who;
      if (who === visitor) visits.push({ time: data.time, visit: { dyno, session: outcome } });
    }
  } catch {
    // k6 was killed in the middle of a line: what came before is still right.
  }
  visits.sort((a, b) => (a.time < b.time ? -1 : 1));
  return visits.slice(0, longest).map(({ visit }) => visit);
}
