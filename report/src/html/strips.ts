import { dynoColor } from "@repo/colors";
import type { AppResult, Mark, Results, Visit } from "../results.ts";
import { type Html, html } from "./markup.ts";

/** For each app the visits of one visitor, in order: colored by dyno, and crossed out where the session was lost. */
export function strips(results: Results): Html | false {
  const figures = stripsOf(results, "continuity");
  if (!figures) return false;
  return html`<section aria-labelledby="one-visitor">
<h2 id="one-visitor">One visitor, request by request</h2>
${figures}
</section>`;
}

/** The strips of one scenario, with their legend. An app that was not tested has none. */
export function stripsOf({ apps }: Results, scenario: string): Html | false {
  const drawn = apps.flatMap((app) => {
    const result = app.scenarios[scenario];
    return result?.strip?.length && result.verdict !== "not tested"
      ? [{ app, strip: result.strip }]
      : [];
  });
  if (drawn.length === 0) return false;
  const visits = drawn.flatMap(({ strip }) => strip.filter(isVisit));
  const dynos = [...new Set(visits.map(({ dyno }) => dyno))].filter((dyno) => dyno !== "").sort();
  return html`<p class="legend">
${dynos.map((dyno) => html`<span><i class="visit" style="${styleOf(dyno)}">${short(dyno)}</i> ${dyno} answered</span>`)}
<span><i class="visit lost">1</i> session not found on this dyno</span>
</p>
${drawn.map(figure)}`;
}

interface Strip {
  app: AppResult;
  strip: Mark[];
}

function figure({ app, strip }: Strip): Html {
  return html`<figure class="strip">
<figcaption><strong>${app.name}</strong> ${summaryOf(strip)}</figcaption>
<div role="img" aria-label="${spoken(app.name, strip)}">
${strip.map(markOf)}
</div>
</figure>`;
}

function markOf(mark: Mark): Html {
  if ("skipped" in mark) return html`<b class="between">… ${mark.skipped} more …</b>`;
  if ("event" in mark) return html`<b class="between">${mark.event} ${mark.moment}</b>`;
  const { dyno, outcome } = mark;
  return html`<i class="visit ${outcome}" style="${styleOf(dyno)}">${short(dyno)}</i>`;
}

const isVisit = (mark: Mark): mark is Visit => "dyno" in mark;
const short = (dyno: string) => /(\d+)$/.exec(dyno)?.[1] ?? dyno.slice(0, 2);
const styleOf = (dyno: string) => (dyno === "" ? "" : `--dyno: ${dynoColor(dyno)}`);

/** "40 requests, session always found", "40 requests, session lost 26 times". */
function summaryOf(strip: Mark[]): string {
  const visits = strip.filter(isVisit);
  const lost = visits.filter(({ outcome }) => outcome === "lost").length;
  const failed = visits.filter(({ outcome }) => outcome === "failed").length;
  return [
    `${visits.length} requests`,
    lost === 0 ? "session always found" : `session lost ${lost === 1 ? "once" : `${lost} times`}`,
    ...(failed > 0 ? [`${failed} not answered`] : []),
  ].join(", ");
}

/** The text of a strip for screen readers. */
function spoken(name: string, strip: Mark[]): string {
  const marks = strip.map((mark) => {
    if ("skipped" in mark) return `${mark.skipped} more`;
    if ("event" in mark) return `${mark.event} ${mark.moment}`;
    return `${mark.dyno || "no dyno"} ${mark.outcome}`;
  });
  return `${name}, one visitor: ${summaryOf(strip)}. In order: ${marks.join(", ")}.`;
}
