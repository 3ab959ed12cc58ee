import type { Results, ScenarioResult } from "../results.ts";
import { type Row, tableOf } from "../table.ts";
import { type Html, html } from "./markup.ts";
import { stripsOf } from "./strips.ts";
import { violations } from "./violations.ts";

interface Cell {
  app: string;
  result: ScenarioResult;
}

/** What each verdict means, with the script behind it, all figures and k6's own files. */
export function questionList(results: Results): Html {
  const { rows } = tableOf(results);
  return html`<section aria-labelledby="meaning">
<h2 id="meaning">What each verdict means</h2>
${rows.map((row) => article(row, results))}
</section>`;
}

function article({ question, cells: results }: Row, all: Results): Html {
  const cells = results.flatMap((result, index) => {
    const app = all.apps[index];
    return result && app ? [{ app: app.name, result }] : [];
  });
  const command = cells[0]?.result.command;
  return html`<article id="${question.scenario}">
<h3>${question.question}</h3>
<p>${question.how}</p>
<dl class="meaning">
<div><dt><b class="mark works">✓</b> works</dt><dd>${question.works}</dd></div>
<div><dt><b class="mark breaks">✗</b> breaks</dt><dd>${question.breaks}</dd></div>
</dl>
${reasons(cells, all)}
${violations(cells)}
${figures(cells, question.scenario)}
${question.scenario !== "continuity" && stripsOf(all, question.scenario)}
${command && html`<p>Run the script against any app: <code class="command">${command}</code></p>`}
</article>`;
}

/** Apps with the same reason share a line. The top of the page already names the apps that failed. */
function reasons(cells: Cell[], { apps }: Results): Html | false {
  const failures = apps.map(({ error }) => error);
  const given = cells.filter(({ result }) => result.reason && !failures.includes(result.reason));
  const groups = Map.groupBy(given, ({ result }) => `${result.verdict}: ${result.reason}`);
  if (groups.size === 0) return false;
  const items = [...groups].map(([reason, group]) => {
    const names = group.map(({ app }) => app).join(", ");
    return html`<li>${names} ${reason}</li>`;
  });
  return html`<ul class="reasons">${items}</ul>`;
}

/** Everything that a scenario measured, figure by figure. */
function figures(cells: Cell[], scenario: string): Html | false {
  const measured = cells.filter(({ result }) => result.requests > 0);
  if (measured.length === 0) return false;
  const names = new Set(measured.flatMap(({ result }) => Object.keys(result.figures)));
  const row = (name: string, textOf: (result: ScenarioResult) => string) =>
    html`<tr><th scope="row">${name}</th>${measured.map(({ result }) => html`<td>${textOf(result)}</td>`)}</tr>`;
  return html`<details>
<summary>All figures and raw results</summary>
<div class="scroll fit" role="region" aria-label="Figures of ${scenario}" tabindex="0">
<table class="numbers">
<thead><tr><th scope="col">Figure</th>${measured.map(({ app }) => html`<th scope="col">${app}</th>`)}</tr></thead>
<tbody>
${[...names].map((name) => row(inWords(name), ({ figures }) => formatted(name, figures[name])))}
${row("dynos at one time", (result) => String(result.dynosSeen))}
${row("requests", (result) => String(result.requests))}
${row("requests that failed", (result) => String(result.failedRequests))}
</tbody>
</table>
</div>
<p class="raw">k6’s own files: ${measured.map(({ app, result }) => html`<span>${app}${result.raw.map(rawLink)}</span> `)}</p>
</details>`;
}

function rawLink(file: string): Html {
  const kinds = {
    ".history.jsonl": "history",
    ".samples.json.gz": "samples",
    ".k6.json": "aggregates",
    ".json": "summary",
  };
  const kind = Object.entries(kinds).find(([end]) => file.endsWith(end))?.[1] ?? file;
  return html` <a href="${file}">${kind}</a>`;
}

/** "foundShare" → "found share", "readP95Ms" → "read p95 ms". */
function inWords(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/(\d)([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function formatted(name: string, figure: number | undefined): string {
  if (figure === undefined) return "–";
  if (name.endsWith("Share")) return `${(100 * figure).toFixed(0)} %`;
  return figure.toLocaleString("en-US", { maximumFractionDigits: 2 });
}
