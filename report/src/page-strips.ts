import { dynoColor } from "@repo/ui/dyno-color";
import { type Html, html } from "./html.ts";
import type { AppResult, Results, Visit } from "./results.ts";

/** For each app the requests of one visitor, in order: coloured by dyno, and marked where the session was lost. */
export function strips({ apps }: Results): Html | false {
  const shown = apps.flatMap((app) => {
    const strip = app.scenarios.continuity?.strip;
    return strip ? [{ app, strip }] : [];
  });
  if (shown.length === 0) return false;
  const dynos = [...new Set(shown.flatMap(({ strip }) => strip.map(({ dyno }) => dyno)))];
  return html`<section aria-labelledby="one-visitor">
<h2 id="one-visitor">One visitor, request by request</h2>
<p class="legend">
${dynos
  .filter((dyno) => dyno !== "")
  .sort()
  .map(
    (dyno) =>
      html`<span><i class="visit" style="${colorOf(dyno)}">${short(dyno)}</i> ${dyno} answered</span>`,
  )}
<span><i class="visit lost">1</i> and did not know the visitor</span>
</p>
${shown.map(({ app, strip }) => figure(app, strip))}
</section>`;
}

function figure(app: AppResult, strip: Visit[]): Html {
  return html`<figure class="strip">
<figcaption><strong>${app.name}</strong> ${inWords(strip)}</figcaption>
<div role="img" aria-label="${aloud(app.name, strip)}">
${strip.map(({ dyno, session }) => html`<i class="visit ${session}" style="${colorOf(dyno)}">${short(dyno)}</i>`)}
</div>
</figure>`;
}

/** "40 requests, 3 dynos, 26 times a stranger" */
function inWords(strip: Visit[]): string {
  const lost = strip.filter(({ session }) => session === "lost").length;
  const failed = strip.filter(({ session }) => session === "failed").length;
  return [
    `${strip.length} requests`,
    lost === 0 ? "known at every one" : `${lost} ${lost === 1 ? "time" : "times"} a stranger`,
    ...(failed > 0 ? [`${failed} not answered`] : []),
  ].join(", ");
}

function aloud(name: string, strip: Visit[]): string {
  const each = strip.map(({ dyno, session }) => `${dyno || "no dyno"} ${words[session]}`);
  return `${name}, one visitor: ${inWords(strip)}. In order: ${each.join(", ")}.`;
}

const words = { new: "new", found: "found", lost: "lost", failed: "failed" };
const short = (dyno: string) => /(\d+)$/.exec(dyno)?.[1] ?? dyno.slice(0, 2);
const colorOf = (dyno: string) => (dyno === "" ? "" : `--dyno: ${dynoColor(dyno)}`);
