import type { Verdict } from "@repo/load/verdict";
import type { AppResult, Results } from "../results.ts";
import { contradictions, type Finding, unansweredByReason } from "../table.ts";
import { type Html, html } from "./markup.ts";

/** The question, and the answer in a few lines. */
export function answer(results: Results): Html {
  const day = new Date(results.startedAt).toLocaleDateString("en-US", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  const where = results.dynos === null ? "deployed apps" : `${results.dynos} local dynos per app`;
  return html`<header>
<p class="when">Measured on ${day}, on ${where}${results.complete ? "" : "; stopped before the end"}</p>
<h1>Do sessions work with several web dynos?</h1>
<p class="lead">${shortAnswer(results)}</p>
<p>A platform such as Heroku runs a web app as several processes, called dynos, and its router sends
each request to a random one. Every dyno has its own memory and its own disk, so a visitor’s session
works only if <em>every</em> dyno can reach it. These apps differ only in where they keep sessions,
and ran the same scenarios.</p>
${surprises(results)}
</header>`;
}

function shortAnswer({ apps }: Results): Html | string {
  const keep = namesOf(apps, "works");
  const lose = namesOf(apps, "breaks");
  if (keep.length === 0 && lose.length === 0) {
    return "This run has no answer: nothing was measured on two dynos at the same time.";
  }
  const yes =
    keep.length > 0 &&
    html`${names(keep)} ${keep.length === 1 ? "keeps" : "keep"} sessions across dynos. `;
  const no = lose.length > 0 && html`${names(lose)} ${lose.length === 1 ? "loses" : "lose"} them.`;
  return html`${yes}${no}${affinityNote(apps)}`;
}

/** Affinity seems to fix what it only hides. */
function affinityNote(apps: AppResult[]): Html | false {
  const hidesLoss = ({ affinity, scenarios }: AppResult) =>
    affinity &&
    scenarios.continuity?.verdict === "works" &&
    [scenarios.restart, scenarios.scale].some((result) => result?.verdict === "breaks");
  return (
    apps.some(hidesLoss) &&
    html` Session affinity, which keeps each visitor on one dyno, hides the loss until dynos restart
or the app is scaled.`
  );
}

/** By what `continuity` found; with affinity it asks something else. */
function namesOf(apps: AppResult[], verdict: Verdict): string[] {
  return apps
    .filter((app) => !app.affinity && app.scenarios.continuity?.verdict === verdict)
    .map(({ name }) => name);
}

function names(list: string[]): Html {
  const parts = list.map((name, index) => {
    const before = index === 0 ? "" : index === list.length - 1 ? " and " : ", ";
    return html`${before}<strong>${name}</strong>`;
  });
  return html`${parts}`;
}

function surprises(results: Results): Html | false {
  const contradicted = contradictions(results);
  const untested = unansweredByReason(results);
  if (contradicted.length + untested.length === 0) return false;
  const link = ({ scenario }: Finding) => html` <a href="#${scenario}">${scenario}</a>`;
  return html`<aside class="surprise">
<h2>Not as expected</h2>
<ul>
${contradicted.map(
  (finding) =>
    html`<li><strong>${finding.app}</strong>${link(finding)}: ${finding.result.verdict !== finding.result.expected && html`measured “${finding.result.verdict}”, declared “${finding.result.expected}”. `}${finding.result.reason}</li>`,
)}
${untested.map(
  (group) =>
    html`<li><strong>${group[0]?.app}</strong>${group.map(link)}: not tested. ${group[0]?.result.reason}</li>`,
)}
</ul>
</aside>`;
}
