import type { Mark, Visit } from "../results.ts";

export const isVisit = (mark: Mark): mark is Visit => "dyno" in mark;

/** "40 requests, known at every one", "40 requests, 26 times a stranger". */
export function inWords(strip: Mark[]): string {
  const visits = strip.filter(isVisit);
  const lost = visits.filter(({ session }) => session === "lost").length;
  const failed = visits.filter(({ session }) => session === "failed").length;
  return [
    `${visits.length} requests`,
    lost === 0 ? "never a stranger" : `${lost} ${lost === 1 ? "time" : "times"} a stranger`,
    ...(failed > 0 ? [`${failed} not answered`] : []),
  ].join(", ");
}

/** The strip for those who do not see it. */
export function aloud(name: string, strip: Mark[]): string {
  const each = strip.map((mark) => {
    if ("skipped" in mark) return `${mark.skipped} more`;
    if ("event" in mark) return `${mark.event} ${mark.moment}`;
    return `${mark.dyno || "no dyno"} ${mark.session}`;
  });
  return `${name}, one visitor: ${inWords(strip)}. In order: ${each.join(", ")}.`;
}
