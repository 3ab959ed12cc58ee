import type { AppResult, Results, ScenarioResult } from "../results.ts";
import { sentenceOf } from "../sentence.ts";
import { headlineOf, marks, tableOf } from "../table.ts";
import { type Html, html } from "./markup.ts";

/** Scenarios down, apps across, and a sentence about each app below. */
export function tableSection(results: Results): Html {
  const { columns, rows } = tableOf(results);
  return html`<section aria-labelledby="answers">
<h2 id="answers">All verdicts</h2>
<div class="scroll" role="region" aria-label="Questions and apps" tabindex="0">
<table class="answers">
<thead>
<tr><th scope="col">Question</th>${columns.map(heading)}</tr>
</thead>
<tbody>
${rows.map(
  ({ question, cells }) => html`<tr>
<th scope="row"><a href="#${question.scenario}">${question.question}</a></th>
${cells.map(cellOf)}
</tr>`,
)}
</tbody>
</table>
</div>
<p class="legend">
<span><b class="mark works">✓</b> works</span>
<span><b class="mark breaks">✗</b> breaks</span>
<span><b class="mark open">–</b> not tested; the reason is below</span>
<span><b class="flag">!</b> not what the app’s traits promise</span>
</p>
<dl class="sentences">
${columns.map((app) => html`<div><dt>${app.name}</dt><dd>${sentenceOf(app)}</dd></div>`)}
</dl>
</section>`;
}

function heading(app: AppResult): Html {
  return html`<th scope="col">${app.name.replace(":", " ")}${app.strategy !== app.name && html`<small>${app.strategy}</small>`}${app.store && html`<small>${app.store.split(":")[0]}</small>`}</th>`;
}

function cellOf(cell: ScenarioResult | null): Html {
  if (!cell) return html`<td class="unasked"><span class="spoken">not run</span></td>`;
  const style = cell.verdict === "not tested" ? "open" : cell.verdict;
  const flag =
    !cell.asExpected &&
    html` <b class="flag" title="not as expected">!<span class="spoken"> not as expected</span></b>`;
  return html`<td${flag && html` class="odd"`}><b class="mark ${style}"><span aria-hidden="true">${marks[cell.verdict]}</span><span class="spoken">${cell.verdict}</span></b>${flag} <span>${headlineOf(cell)}</span></td>`;
}
