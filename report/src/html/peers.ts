import { cellText, type PeerCell, type PeerGroup, type PeerTables } from "../peers/table.ts";
import { type Html, html } from "./markup.ts";

/** "Where other systems stand", from the published results. The page needs no network: a source is text, not a link. */
export function peersSection(tables: PeerTables | null): Html | false {
  if (!tables) return false;
  return html`<section aria-labelledby="peers">
<h2 id="peers">Where other systems stand</h2>
<p>The same scenarios, asked of libraries that people use, each set up as its documentation shows. Published with
this project; measured on ${tables.results.startedAt.slice(0, 10)}.</p>
${tables.groups.map(groupOf)}
</section>`;
}

function groupOf({ title, peers, rows, notes }: PeerGroup): Html {
  return html`<h3>${title}</h3>
<div class="scroll" role="region" aria-label="${title}" tabindex="0">
<table class="answers">
<thead>
<tr><th scope="col">Question</th>${peers.map((peer) => html`<th scope="col">${peer.title}</th>`)}</tr>
</thead>
<tbody>
${rows.map(
  ({ question, cells }) => html`<tr>
<th scope="row">${question.label}</th>
${cells.map(cellOf)}
</tr>`,
)}
</tbody>
</table>
</div>
<ol>
${notes.map(({ text, url }) => html`<li>${text} (${url})</li>`)}
</ol>`;
}

function cellOf(cell: PeerCell): Html {
  const notes = cell.notes.map((note) => html` <sup>${String(note)}</sup>`);
  const mended = cell.mended.map(
    (again) =>
      html`<small>${cellText(again)} with ${again.option.text.replaceAll("`", "")}</small>`,
  );
  return html`<td>${cellText(cell)}${notes}${mended}</td>`;
}
