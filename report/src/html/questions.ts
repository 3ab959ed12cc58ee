import type { Results } from "../results.ts";
import { type Row, tableOf } from "../table.ts";
import { type Answer, figures } from "./figures.ts";
import { type Html, html } from "./markup.ts";
import { stripsOf } from "./strips.ts";

/** What each verdict means, with the exact script behind it and k6's own files. */
export function questionList(results: Results): Html {
  const { rows } = tableOf(results);
  return html`<section aria-labelledby="meaning">
<h2 id="meaning">What was asked, and what the answers mean</h2>
${rows.map((row) => questionOf(row, results))}
</section>`;
}

function questionOf({ question, cells }: Row, results: Results): Html {
  const answers = cells.flatMap((cell, index) => {
    const app = results.apps[index];
    return cell && app ? [{ app: app.name, cell }] : [];
  });
  const command = answers[0]?.cell.command;
  return html`<article id="${question.scenario}">
<h3>${question.question}</h3>
<p>${question.how}</p>
<dl class="meaning">
<div><dt><b class="mark works">✓</b> works</dt><dd>${question.works}</dd></div>
<div><dt><b class="mark breaks">✗</b> breaks</dt><dd>${question.breaks}</dd></div>
</dl>
${reasons(answers, results)}
${figures(answers, question.scenario)}
${question.scenario !== "continuity" && stripsOf(results, question.scenario)}
${command && html`<p>The same script, against any app: <code class="command">${command}</code></p>`}
</article>`;
}

/** Apps that were not tested for the same reason share a line. That an app failed is said at the top already. */
function reasons(answers: Answer[], { apps }: Results): Html | false {
  const failures = apps.map(({ error }) => error);
  const given = answers.filter(({ cell }) => cell.reason && !failures.includes(cell.reason));
  const groups = Map.groupBy(given, ({ cell }) => `${cell.verdict}: ${cell.reason}`);
  if (groups.size === 0) return false;
  const items = [...groups].map(([reason, group]) => {
    const apps = group.map(({ app }) => app).join(", ");
    return html`<li>${apps} ${reason}</li>`;
  });
  return html`<ul class="reasons">${items}</ul>`;
}
