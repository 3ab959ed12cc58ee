import type { AppCosts } from "./costs.ts";
import { type Html, html } from "./markup.ts";

const width = 720;
const left = 4;
const right = 40;
const labelHeight = 26;
const barHeight = 12;
const gap = 4;
const groupGap = 8;
const groupHeight = labelHeight + 3 * (barHeight + gap) + groupGap;

/** Horizontal bars to the median, with whiskers to p95 and p99. Drawn by hand: no script, no library. */
export function costChart(costs: AppCosts[]): Html {
  const most = Math.max(...costs.flatMap(({ kinds }) => kinds.map(({ p99 }) => p99)));
  const step = niceStep(most);
  const end = Math.ceil(most / step) * step;
  const x = (value: number) => left + ((width - left - right) * value) / end;
  const height = costs.length * groupHeight + 30;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${aloud(costs)}">
${ticks.map(
  (
    tick,
  ) => html`<line class="grid" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="0" y2="${height - 26}"/>
<text class="quiet" x="${round(x(tick))}" y="${height - 6}" text-anchor="${tick === 0 ? "start" : "middle"}">${label(tick)}${tick === end && " ms"}</text>`,
)}
${costs.map((one, index) => group(one, index * groupHeight, x))}
</svg>`;
}

function group({ app, kinds }: AppCosts, top: number, x: (value: number) => number): Html {
  return html`<g>
<text x="${left}" y="${top + labelHeight - 7}">${app}</text>
${kinds.map(({ kind, p50, p95, p99 }, index) => {
  const y = top + labelHeight + index * (barHeight + gap);
  const middle = y + barHeight / 2;
  const tick = (value: number, half: number) =>
    html`<line x1="${round(x(value))}" x2="${round(x(value))}" y1="${middle - half}" y2="${middle + half}" stroke-width="2"/>`;
  return html`<g class="${kind}"><rect x="${left}" y="${y}" width="${round(x(p50) - left)}" height="${barHeight}" rx="2" stroke="none"/>
<line x1="${round(x(p50))}" x2="${round(x(p99))}" y1="${middle}" y2="${middle}" stroke-width="1.5"/>${tick(p95, 4)}${tick(p99, 2.5)}</g>`;
})}
</g>`;
}

function aloud(costs: AppCosts[]): string {
  const each = costs.map(({ app, kinds }) => {
    const parts = kinds.map(
      ({ label, p50, p99 }) => `${label} ${p50.toFixed(1)} to ${p99.toFixed(1)}`,
    );
    return `${app}: ${parts.join(", ")}`;
  });
  return `Median and 99th percentile in milliseconds. ${each.join("; ")}. The table below has all the numbers.`;
}

/** 1, 2 or 5 times a power of ten, so that there are about five ticks. */
function niceStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power * 5 >= most) ?? 10;
  return factor * power;
}

const round = (value: number) => Math.round(value * 10) / 10;
const label = (value: number) => String(Number(value.toPrecision(3)));
