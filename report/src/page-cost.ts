import { costsOf } from "./costs.ts";
import { type Html, html } from "./html.ts";
import { costChart } from "./page-cost-chart.ts";
import type { Results } from "./results.ts";

/** What reading and writing a session costs beside the same request without one. */
export function cost(results: Results): Html | false {
  const costs = costsOf(results);
  if (costs.length === 0) return false;
  return html`<section aria-labelledby="costs">
<h2 id="costs">What a session costs</h2>
<p>Time until the answer, of a request that touches no session, one that reads it, and one that
writes it. The bar ends at the median; the lines behind it at 95 % and 99 % of the requests.</p>
<p class="legend">
<span><i class="swatch plain"></i> no session</span>
<span><i class="swatch read"></i> read</span>
<span><i class="swatch write"></i> write</span>
</p>
<figure class="cost">${costChart(costs)}</figure>
<details open>
<summary>The same in numbers</summary>
<div class="scroll" role="region" aria-labelledby="costs" tabindex="0">
<table class="numbers">
<thead><tr><th scope="col">App</th><th scope="col">Request</th><th scope="col">p50 ms</th><th scope="col">p95 ms</th><th scope="col">p99 ms</th><th scope="col">× no session</th><th scope="col">store trips</th></tr></thead>
<tbody>
${costs.flatMap(({ app, kinds }) =>
  kinds.map(
    ({ kind, label, p50, p95, p99, ratio, trips }) => html`<tr>
<th scope="row">${app}</th><th scope="row"><i class="swatch ${kind}"></i> ${label}</th>
<td>${ms(p50)}</td><td>${ms(p95)}</td><td>${ms(p99)}</td>
<td>${ratio?.toFixed(2)}</td><td>${trips === null ? "–" : trips.toFixed(1)}</td></tr>`,
  ),
)}
</tbody>
</table>
</div>
</details>
</section>`;
}

const ms = (value: number) => value.toFixed(1);
