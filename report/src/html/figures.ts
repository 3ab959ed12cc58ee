import type { Figure, ScenarioResult } from "../results.ts";
import { type Html, html } from "./markup.ts";

export interface Answer {
  app: string;
  cell: ScenarioResult;
}

/** Everything that a scenario measured, figure by figure, of the apps that were asked. */
export function figures(answers: Answer[], scenario: string): Html | false {
  const measured = answers.filter(({ cell }) => cell.requests > 0);
  if (measured.length === 0) return false;
  const names = new Set(measured.flatMap(({ cell }) => Object.keys(cell.figures)));
  const row = (name: string, textOf: (cell: ScenarioResult) => string) =>
    html`<tr><th scope="row">${name}</th>${measured.map(({ cell }) => html`<td>${textOf(cell)}</td>`)}</tr>`;
  return html`<details>
<summary>All figures and raw results</summary>
<div class="scroll fit" role="region" aria-label="Figures of ${scenario}" tabindex="0">
<table class="numbers">
<thead><tr><th scope="col">Figure</th>${measured.map(({ app }) => html`<th scope="col">${app}</th>`)}</tr></thead>
<tbody>
${[...names].map((name) => row(inWords(name), (cell) => formatted(name, cell.figures[name])))}
${row("dynos at one time", (cell) => String(cell.dynosSeen))}
${row("requests", (cell) => String(cell.requests))}
${row("requests that failed", (cell) => String(cell.failedRequests))}
</tbody>
</table>
</div>
<p class="raw">k6’s own files: ${measured.map(({ app, cell }) => html`<span>${app}${cell.raw.map(rawLink)}</span> `)}</p>
</details>`;
}

function rawLink(file: string): Html {
  const kinds = { ".samples.json.gz": "samples", ".k6.json": "aggregates", ".json": "summary" };
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

function formatted(name: string, figure: Figure | undefined): string {
  if (figure === undefined || figure === null) return "–";
  if (typeof figure !== "number") return String(figure);
  if (name.endsWith("Share")) return `${(100 * figure).toFixed(0)} %`;
  return figure.toLocaleString("en-US", { maximumFractionDigits: 2 });
}
