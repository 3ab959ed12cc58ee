import type { Results } from "../results.ts";
import { costChart } from "./cost-chart.ts";
import { type Cost, costsOf } from "./costs.ts";
import { type Html, html } from "./markup.ts";

/** What reading and writing a session costs beside the same request without one. */
export function cost(results: Results): Html | false {
  const costs = costsOf(results);
  if (costs.length === 0) return false;
  return html`<section aria-labelledby="costs">
<h2 id="costs">What a session costs</h2>
<p>Time until the answer, of a request that touches no session, one that reads it, and one that
writes it. The bar ends at the median; the lines behind it at 95 % and 99 % of the requests.</p>
<p class="legend">
<span><i class="swatch plain"></i> no session</span>
<span><i class="swatch read"></i> read</span>
<span><i class="swatch write"></i> write</span>
</p>
<figure class="cost">${costChart(costs)}</figure>
<details open>
<summary>The same in numbers</summary>
<div class="scroll fit" role="region" aria-label="Costs in numbers" tabindex="0">
<table class="numbers">
<thead><tr><th scope="col">App</th><th scope="col">Request</th><th scope="col">p50 ms</th><th scope="col">p95 ms</th><th scope="col">p99 ms</th><th scope="col">× no session</th><th scope="col">store trips</th></tr></thead>
<tbody>
${costs.map(({ app, kinds }) => kinds.map((cost, index) => rowOf(cost, index === 0 && app, kinds.length)))}
</tbody>
</table>
</div>
</details>
</section>`;
}

/** The first row of an app carries its name for all of them. */
function rowOf(cost: Cost, app: string | false, rows: number): Html {
  const { kind, label, p50, p95, p99, ratio, trips } = cost;
  return html`<tr>${app && html`<th scope="rowgroup" rowspan="${rows}">${app}</th>`}
<th scope="row"><i class="swatch ${kind}"></i> ${label}</th>
<td>${ms(p50)}</td><td>${ms(p95)}</td><td>${ms(p99)}</td>
<td>${ratio.toFixed(2)}</td><td>${trips === null ? "–" : trips.toFixed(1)}</td></tr>`;
}

const ms = (value: number) => value.toFixed(1);
