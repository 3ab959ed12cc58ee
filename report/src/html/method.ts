import type { Results } from "../results.ts";
import { type Html, html } from "./markup.ts";

/** The limits of this kind of measurement, the machine and the versions, and how to repeat it. */
export function method(results: Results): Html {
  const { machine, versions } = results;
  const rows: [string, string][] = [
    [
      "Machine",
      `${machine.cores} cores, ${Math.round(machine.memoryBytes / 2 ** 30)} GB, ${machine.cpu}`,
    ],
    ["System", machine.os],
    ...Object.entries(versions),
    ["Started", results.startedAt],
    ["Took", `${Math.round(results.seconds)} s`],
  ];
  return html`<section aria-labelledby="limits">
<h2 id="limits">Limits</h2>
<ul>
${results.dynos !== null && localLimits.map((limit) => html`<li>${limit}</li>`)}
<li>A verdict needs two dynos that serve at the same time; with fewer it is “not tested”.</li>
<li>The figures are from one run with at most 20 visitors. That is enough to see that something
breaks, but does not prove that it never will.</li>
</ul>
<h2 id="machine">Machine and versions</h2>
<table class="facts">
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
</table>
<p>Repeat this measurement: <code class="command">${results.command}</code></p>
<p>All figures: <a href="results.json">results.json</a></p>
</section>
`;
}

const localLimits = [
  "The local router follows Heroku’s documentation; it is not Heroku’s own.",
  "Dynos, stores and visitors share one machine. On a platform each round trip to a store crosses a network, which adds its time to every read and write.",
  "Milliseconds depend on this machine. Ratios and the number of round trips carry over to others.",
];
