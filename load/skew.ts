// Does a page from before a deploy go on working?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/skew.ts
//   and, when the script says so: deploy a commit with changed code
//
// Each visitor opens the page, and keeps it open while another release takes over. During the change and after it the
// page asks for what it may still ask for: every script and style that it names, a navigation by its router, its form.
// What the old release did not serve itself is left out. An answer of 500 and above, or none, is an outage and no
// verdict about the page: the figures count it apart.
//   VISITORS       open pages (4)
//   VISITS         how often each page asks for everything again after the deploy (4)
//   MIN_DYNOS      1 for an app that has one dyno on purpose (2)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have for the deploy (60)
import { createScenario } from "./lib/create-scenario.ts";
import { canTrigger, EndOfJourney, runEvent } from "./lib/events/events.ts";
import { observe, recordEventFailed } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { percent } from "./lib/summary.ts";
import { share } from "./lib/verdict.ts";
import { kinds, type OpenPage, openPage } from "./lib/visitors/open-page.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 4);

const { options, setup, play, handleSummary } = createScenario({
  name: "skew",
  visitors: 4,
  figures: [
    ...(["answeredRightly", "rightDuring", "rightAfter", "scripts", "styles"] as const),
    ...(["scriptsFailed", "stylesFailed", "navigationsFailed", "formsFailed"] as const),
    "unavailable",
  ],
  headline: ({ answeredRightly, unavailable }) =>
    `${percent(answeredRightly)} of its requests work${unavailable ? `, ${unavailable} not answered` : ""}`,
  why(figures) {
    const failed = kinds.filter((kind) => figures[`${kind}sFailed`]);
    return `an old page's ${failed.map((kind) => `${kind}s (${figures[`${kind}sFailed`]})`).join(", ")} failed`;
  },
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const pages = new Map<number, OpenPage>();
  await forEachVisitor(visitors, async (visitor) => {
    pages.set(visitor.number, await openPage(visitor));
  });
  if (!canTrigger("deploy-changed")) {
    recordEventFailed("deploy-changed");
    throw new EndOfJourney();
  }
  const failed = { script: 0, style: 0, navigation: 0, form: 0 };
  const tally = { during: { yes: 0, no: 0 }, after: { yes: 0, no: 0 } };
  let phase: keyof typeof tally = "during";
  let unavailable = 0;
  const askAll = async (number: number) => {
    for (const { kind, answer } of (await pages.get(number)?.askForEverything()) ?? []) {
      if (answer === "unavailable") {
        unavailable += 1;
        continue;
      }
      const right = answer === "right";
      observe(right);
      tally[phase][right ? "yes" : "no"] += 1;
      if (!right) failed[kind] += 1;
    }
  };
  await runEvent("deploy-changed", visitors, ({ number }) => askAll(number));
  phase = "after";
  await forEachVisitor(visitors, async ({ number }) => {
    for (let visit = 0; visit < visits; visit++) await askAll(number);
  });
  const { during, after } = tally;
  const first = pages.values().next().value;
  return {
    answeredRightly: share({ yes: during.yes + after.yes, no: during.no + after.no }),
    rightDuring: share(during),
    rightAfter: share(after),
    scripts: first?.names("script") ?? 0,
    styles: first?.names("style") ?? 0,
    scriptsFailed: failed.script,
    stylesFailed: failed.style,
    navigationsFailed: failed.navigation,
    formsFailed: failed.form,
    unavailable,
  };
});
