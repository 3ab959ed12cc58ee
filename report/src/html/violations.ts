import { dynoColor } from "@repo/colors";
import { timeline } from "@repo/history";
import type { ScenarioResult, WitnessedViolation } from "../results.ts";
import { type Html, html } from "./markup.ts";

interface Cell {
  app: string;
  result: ScenarioResult;
}

/** What broke in the recorded histories of one scenario, each shown by the operations that witness it. */
export function violations(cells: Cell[]): Html | false {
  const found = cells.flatMap(({ app, result }) =>
    (result.history?.invariants ?? []).flatMap(({ examples = [], ...of }) =>
      examples.map((violation) => ({ app, of, violation })),
    ),
  );
  if (found.length === 0) return false;
  return html`<details>
<summary>What broke, by the operations that show it</summary>
${found.map(({ app, of, violation }) => figure(app, `${of.invariant}. ${of.title}`, violation))}
</details>`;
}

function figure(app: string, title: string, violation: WitnessedViolation): Html {
  const { message, promised, witnesses } = violation;
  return html`<figure class="strip">
<figcaption><strong>${app}</strong> ${title}. ${message}${promised ? "" : " Not promised."}</figcaption>
<div role="img" aria-label="${witnesses.map((one) => `${one.dyno ?? "no dyno"} ${one.fault ?? one.op}`).join(", ")}">
${witnesses.map(mark)}
</div>
<div class="scroll" role="group" aria-label="Witnesses" tabindex="0"><pre>${timeline(witnesses).join("\n")}</pre></div>
</figure>`;
}

function mark({ op, fault, dyno }: WitnessedViolation["witnesses"][number]): Html {
  if (op === "fault") return html`<b class="between">${fault} ${dyno}</b>`;
  const short = dyno === null ? "?" : (/(\d+)$/.exec(dyno)?.[1] ?? dyno.slice(0, 2));
  const style = dyno === null ? "" : `--dyno: ${dynoColor(dyno)}`;
  return html`<i class="visit" style="${style}">${short}</i> ${op} `;
}
