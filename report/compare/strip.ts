import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { Mark } from "../src/results.ts";

/** How many visits are drawn: of more, the first and the last half. */
const most = 40;

/** One visitor's requests in order, out of k6's raw samples, as load/README.md describes them. */
export async function readStrip(samples: string): Promise<Mark[]> {
  if (!existsSync(samples)) return [];
  const timed: { time: string; mark: Mark }[] = [];
  let visitor: string | undefined;
  const lines = createInterface({ input: createReadStream(samples).pipe(createGunzip()) });
  try {
    for await (const line of lines) {
      if (!line.includes('"visit_duration"') && !line.includes('"metric":"event"')) continue;
      const { type, metric, data } = JSON.parse(line);
      if (type !== "Point") continue;
      const { time, tags } = data;
      const { event, moment, dyno = "", outcome } = tags;
      visitor ??= tags.visitor;
      if (metric === "event") timed.push({ time, mark: { event, moment } });
      else if (tags.visitor === visitor) timed.push({ time, mark: { dyno, session: outcome } });
    }
  } catch {
    // k6 was killed in the middle of a line: what came before is still right.
  }
  timed.sort((a, b) => (a.time < b.time ? -1 : 1));
  return shorten(timed.map(({ mark }) => mark));
}

/** Leaves out visits from the middle, and says how many; events stay. */
function shorten(marks: Mark[]): Mark[] {
  const visits = marks.filter((mark) => "dyno" in mark).length;
  if (visits <= most) return marks;
  const skipped = visits - most;
  let seen = 0;
  return marks.flatMap((mark): Mark[] => {
    if (!("dyno" in mark)) return [mark];
    seen++;
    if (seen === most / 2 + 1) return [{ skipped }];
    return seen > most / 2 && seen <= most / 2 + skipped ? [] : [mark];
  });
}
