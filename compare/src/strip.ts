import { existsSync, readFileSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import type { Mark } from "@repo/report/results";

/** How many visits are drawn: of a longer journey, 20 at its start and 20 at its end. */
const MOST_VISITS = 40;

/** One visitor's visits in order, from k6's raw samples, which load/README.md describes. */
export function readStrip(samples: string): Mark[] {
  const timed: { time: string; mark: Mark }[] = [];
  let visitor: string | undefined;
  for (const line of linesOf(samples)) {
    if (!line.includes('"visit_duration"') && !line.includes('"metric":"event"')) continue;
    const { type, metric, data } = JSON.parse(line);
    if (type !== "Point") continue;
    const { time, tags } = data;
    const { event, moment, dyno = "", outcome } = tags;
    visitor ??= tags.visitor;
    if (metric === "event") timed.push({ time, mark: { event, moment } });
    else if (tags.visitor === visitor) timed.push({ time, mark: { dyno, outcome } });
  }
  timed.sort((a, b) => (a.time < b.time ? -1 : 1));
  return shorten(timed.map(({ mark }) => mark));
}

function linesOf(samples: string): string[] {
  if (!existsSync(samples)) return [];
  // If k6 was killed, the file ends in the middle; what came before is still valid.
  const text = gunzipSync(readFileSync(samples), { finishFlush: constants.Z_SYNC_FLUSH });
  return text
    .toString("utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"));
}

/** Leaves out visits in the middle and marks how many. Events stay. */
function shorten(marks: Mark[]): Mark[] {
  const visits = marks.filter((mark) => "dyno" in mark).length;
  if (visits <= MOST_VISITS) return marks;
  const skipped = visits - MOST_VISITS;
  let seen = 0;
  return marks.flatMap((mark): Mark[] => {
    if (!("dyno" in mark)) return [mark];
    seen++;
    if (seen === MOST_VISITS / 2 + 1) return [{ skipped }];
    return seen > MOST_VISITS / 2 && seen <= MOST_VISITS / 2 + skipped ? [] : [mark];
  });
}
