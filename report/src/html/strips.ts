import { dynoColor } from "@repo/ui/dyno-color";
import type { AppResult, Mark, Results } from "../results.ts";
import { type Html, html } from "./markup.ts";
import { aloud, inWords, isVisit } from "./strip-words.ts";

/** For each app the requests of one visitor, in order: coloured by dyno, and marked where the session was lost. */
export function strips(results: Results): Html | false {
  const figures = stripsOf(results, "continuity");
  if (!figures) return false;
  return html`<section aria-labelledby="one-visitor">
<h2 id="one-visitor">One visitor, request by request</h2>
${figures}
</section>`;
}

/** Those of one scenario, with their legend. Where it was not tested there is nothing to see. */
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
${dynos.map((dyno) => html`<span><i class="visit" style="${colorOf(dyno)}">${short(dyno)}</i> ${dyno} answered</span>`)}
<span><i class="visit lost">1</i> and did not know the visitor</span>
</p>
${drawn.map(figure)}`;
}

interface Strip {
  app: AppResult;
  strip: Mark[];
}

function figure({ app, strip }: Strip): Html {
  return html`<figure class="strip">
<figcaption><strong>${app.name}</strong> ${inWords(strip)}</figcaption>
<div role="img" aria-label="${aloud(app.name, strip)}">
${strip.map(markOf)}
</div>
</figure>`;
}

function markOf(mark: Mark): Html {
  if ("skipped" in mark) return html`<b class="between">… ${mark.skipped} more …</b>`;
  if ("event" in mark) return html`<b class="between">${mark.event} ${mark.moment}</b>`;
  const { dyno, session } = mark;
  return html`<i class="visit ${session}" style="${colorOf(dyno)}">${short(dyno)}</i>`;
}

const short = (dyno: string) => /(\d+)$/.exec(dyno)?.[1] ?? dyno.slice(0, 2);
const colorOf = (dyno: string) => (dyno === "" ? "" : `--dyno: ${dynoColor(dyno)}`);
