import type { Results } from "../results.ts";
import { type Html, html } from "./markup.ts";

/** Machine and versions, what this kind of measurement cannot show, and how to repeat it. */
export function facts(results: Results): Html {
  const { machine, versions } = results;
  const rows: [string, string][] = [
    [
      "Machine",
      `${machine.cores} cores, ${Math.round(machine.memoryBytes / 2 ** 30)} GB, ${machine.cpu}`,
    ],
    ["System", machine.os],
    ...Object.entries(versions),
    ["Began", results.startedAt],
    ["Took", `${Math.round(results.seconds)} s`],
  ];
  return html`<section aria-labelledby="limits">
<h2 id="limits">What this cannot show</h2>
<ul>
${results.dynos !== null && localLimits.map((limit) => html`<li>${limit}</li>`)}
<li>A verdict needs two dynos that serve at one time; where there were fewer, it says “not tested”.</li>
<li>Figures are of one run, with at most 20 visitors: enough to see that something breaks, and not
enough to prove that it never will.</li>
</ul>
<h2 id="machine">Where it was measured</h2>
<table class="facts">
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
</table>
<p>To measure again: <code class="command">${results.command}</code></p>
<p>All the figures: <a href="results.json">results.json</a></p>
</section>
`;
}

const localLimits = [
  "The router here does what Heroku’s documentation says its router does; it is not Heroku’s.",
  "Dynos, stores and visitors share one machine. On a platform every trip to a store crosses a network, which adds its time to each read and write.",
  "Milliseconds speak of this machine alone. Ratios, and the number of trips to the store, can be carried elsewhere.",
];
