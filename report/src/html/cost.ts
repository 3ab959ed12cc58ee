import type { Results } from "../results.ts";
import { type Html, html } from "./markup.ts";

interface AppCosts {
  app: string;
  costs: Cost[];
}

/** One bar of the chart: how long one kind of request took, in milliseconds. */
interface Cost {
  kind: "plain" | "read" | "write";
  label: string;
  p50: number;
  p95: number;
  p99: number;
  /** The median as a multiple of the median of `plain`. */
  ratio: number;
  /** Round trips to the store for each request; `null` if there is no store. */
  roundTrips: number | null;
}

const kinds = [
  { kind: "plain", label: "no session" },
  { kind: "read", label: "read" },
  { kind: "write", label: "write" },
] as const;

/** What reading and writing a session costs beside the same request without one. */
export function cost(results: Results): Html | false {
  const costs = costsOf(results);
  if (costs.length === 0) return false;
  return html`<section aria-labelledby="costs">
<h2 id="costs">What a session costs</h2>
<p>The response time of a request without a session, of one that reads the session, and of one that
writes it. The bar ends at the median; the lines behind it at the 95th and the 99th percentile.</p>
<p class="legend">
${kinds.map(({ kind, label }) => html`<span><i class="swatch ${kind}"></i> ${label}</span>`)}
</p>
<figure class="cost">${chart(costs)}</figure>
<details open>
<summary>The figures</summary>
<div class="scroll fit" role="region" aria-label="Costs in figures" tabindex="0">
<table class="numbers">
<thead><tr><th scope="col">App</th><th scope="col">Request</th><th scope="col">p50 ms</th><th scope="col">p95 ms</th><th scope="col">p99 ms</th><th scope="col">× no session</th><th scope="col">round trips</th></tr></thead>
<tbody>
${costs.map(({ app, costs }) => costs.map((one, index) => row(one, index === 0 && app, costs.length)))}
</tbody>
</table>
</div>
</details>
</section>`;
}

/** The figures of the scenario `cost`, for each app that has them all. */
function costsOf({ apps }: Results): AppCosts[] {
  return apps.flatMap(({ name, scenarios }) => {
    const figures = scenarios.cost?.figures ?? {};
    const figure = (name: string) => figures[name] ?? Number.NaN;
    const costs = kinds.map(({ kind, label }) => ({
      kind,
      label,
      p50: figure(`${kind}P50Ms`),
      p95: figure(`${kind}P95Ms`),
      p99: figure(`${kind}P99Ms`),
      ratio: figure(`${kind}P50Ms`) / figure("plainP50Ms"),
      roundTrips: kind === "plain" ? null : figure(`${kind}RoundTrips`) || null,
    }));
    return costs.some(({ p99 }) => Number.isNaN(p99)) ? [] : [{ app: name, costs }];
  });
}

/** The first row of an app carries its name for all of them. */
function row(one: Cost, app: string | false, rows: number): Html {
  const { kind, label, p50, p95, p99, ratio, roundTrips } = one;
  return html`<tr>${app && html`<th scope="rowgroup" rowspan="${rows}">${app}</th>`}
<th scope="row"><i class="swatch ${kind}"></i> ${label}</th>
<td>${p50.toFixed(1)}</td><td>${p95.toFixed(1)}</td><td>${p99.toFixed(1)}</td>
<td>${ratio.toFixed(2)}</td><td>${roundTrips === null ? "–" : roundTrips.toFixed(1)}</td></tr>`;
}

// The chart's sizes, in pixels of a drawing that is scaled to the page.
const WIDTH = 720;
const LEFT = 4;
const RIGHT = 40;
const LABEL_HEIGHT = 26;
const BAR_HEIGHT = 12;
const GAP = 4;
const GROUP_HEIGHT = LABEL_HEIGHT + kinds.length * (BAR_HEIGHT + GAP) + 8;

/** Horizontal bars to the median, with whiskers to p95 and p99, as SVG without a script or a library. */
function chart(apps: AppCosts[]): Html {
  const most = Math.max(...apps.flatMap(({ costs }) => costs.map(({ p99 }) => p99)));
  const step = tickStep(most);
  const end = Math.ceil(most / step) * step;
  const x = (value: number) => round(LEFT + ((WIDTH - LEFT - RIGHT) * value) / end);
  const height = apps.length * GROUP_HEIGHT + 30;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${spoken(apps)}">
${ticks.map(
  (tick) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${height - 26}"/>
<text class="quiet" x="${x(tick)}" y="${height - 6}" text-anchor="${tick === 0 ? "start" : "middle"}">${Number(tick.toPrecision(3))}${tick === end && " ms"}</text>`,
)}
${apps.map((one, index) => group(one, index * GROUP_HEIGHT, x))}
</svg>`;
}

function group({ app, costs }: AppCosts, top: number, x: (value: number) => number): Html {
  return html`<g>
<text x="${LEFT}" y="${top + LABEL_HEIGHT - 7}">${app}</text>
${costs.map(({ kind, p50, p95, p99 }, index) => {
  const y = top + LABEL_HEIGHT + index * (BAR_HEIGHT + GAP);
  const middle = y + BAR_HEIGHT / 2;
  const whisker = (value: number, half: number) =>
    html`<line x1="${x(value)}" x2="${x(value)}" y1="${middle - half}" y2="${middle + half}" stroke-width="2"/>`;
  return html`<g class="${kind}"><rect x="${LEFT}" y="${y}" width="${round(x(p50) - LEFT)}" height="${BAR_HEIGHT}" rx="2" stroke="none"/>
<line x1="${x(p50)}" x2="${x(p99)}" y1="${middle}" y2="${middle}" stroke-width="1.5"/>${whisker(p95, 4)}${whisker(p99, 2.5)}</g>`;
})}
</g>`;
}

/** The text of the chart for screen readers. */
function spoken(apps: AppCosts[]): string {
  const texts = apps.map(({ app, costs }) => {
    const parts = costs.map(
      ({ label, p50, p99 }) => `${label} ${p50.toFixed(1)} to ${p99.toFixed(1)}`,
    );
    return `${app}: ${parts.join(", ")}`;
  });
  return `Median and 99th percentile in milliseconds. ${texts.join("; ")}. The table below has all figures.`;
}

/** 1, 2 or 5 times a power of ten, for about five ticks. */
function tickStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power * 5 >= most) ?? 10;
  return factor * power;
}

const round = (value: number) => Math.round(value * 10) / 10;
