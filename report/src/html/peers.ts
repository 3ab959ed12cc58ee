import { cellText, type PeerCell, type PeerTable } from "../peers.ts";
import { type Html, html } from "./markup.ts";

/** "Where other systems stand", from the published results. The page needs no network: a source is text, not a link. */
export function peersSection(table: PeerTable | null): Html | false {
  if (!table) return false;
  const { asked, rows, notes, results } = table;
  return html`<section aria-labelledby="peers">
<h2 id="peers">Where other systems stand</h2>
<p>The same scenarios, asked of libraries that people use, each set up as its documentation shows. Published with
this project; measured on ${results.startedAt.slice(0, 10)}.</p>
<div class="scroll" role="region" aria-label="Systems and questions" tabindex="0">
<table class="answers">
<thead>
<tr><th scope="col">System</th>${asked.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr>
</thead>
<tbody>
${rows.map(
  ({ peer, cells }) => html`<tr>
<th scope="row">${peer.title}</th>
${cells.map(cellOf)}
</tr>`,
)}
</tbody>
</table>
</div>
<ol>
${notes.map(({ text, url }) => html`<li>${text} (${url})</li>`)}
</ol>
</section>`;
}

function cellOf(cell: PeerCell): Html {
  return html`<td>${cellText(cell)}${cell.notes.map((note) => html` <sup>${String(note)}</sup>`)}</td>`;
}
