// Does a page from before a deploy go on working?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/skew.ts
//   and, when the script says so: deploy a commit with changed code
//
// Each visitor opens the page, and keeps it open while another release takes over. During the change and after it the
// page asks for what it may still ask for: every script and style that it names, a navigation by its router, its form.
// What the old release did not serve itself is left out. An answer of 500 and above, or none, is an outage and no
// verdict about the page: the figures count it apart. Where EVENTS offers both, this is asked twice: all dynos are
// replaced at once, and, after a rollback, with preboot. By hand, enable preboot first and give EVENT_SECONDS=300.
//   VISITORS       open pages (4)
//   VISITS         how often each page asks for everything again after each deploy (2)
//   MIN_DYNOS      1 for an app that has one dyno on purpose (2)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have for the deploy (60)
import { createScenario } from "./lib/create-scenario.ts";
import { canTrigger, EndOfJourney, runEvent, trigger } from "./lib/events/events.ts";
import { eventsOnOffer, observe, recordEventFailed } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { type Figures, percent } from "./lib/summary.ts";
import { share } from "./lib/verdict.ts";
import { kinds, type OpenPage, openPage } from "./lib/visitors/open-page.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 2);

/** Of one deploy. */
const deployFigures = [
  ...(["answeredRightly", "rightDuring", "rightAfter", "unavailable"] as const),
  /** The longest that a request took during the change. */
  "slowestMs",
  ...(["scriptsFailed", "stylesFailed", "navigationsFailed", "formsFailed"] as const),
] as const;
type DeployFigure = (typeof deployFigures)[number];
type WithPreboot = `preboot${Capitalize<DeployFigure>}`;

/** The name of the same figure of the deploy with preboot. */
const withPreboot = (figure: DeployFigure) =>
  `preboot${figure.charAt(0).toUpperCase()}${figure.slice(1)}` as WithPreboot;

const ofPreboot = (figures: Figures<WithPreboot>): Figures<DeployFigure> =>
  Object.fromEntries(deployFigures.map((figure) => [figure, figures[withPreboot(figure)]]));

const { options, setup, play, handleSummary } = createScenario({
  name: "skew",
  visitors: 4,
  figures: ["scripts", "styles", ...deployFigures, ...deployFigures.map(withPreboot)],
  headline(figures) {
    const preboot = ofPreboot(figures);
    const { answeredRightly, slowestMs } = figures;
    const work = `${percent(answeredRightly)} of its requests work`;
    if (slowestMs === undefined) return work;
    const atOnce = `${work}, in at most ${inSeconds(slowestMs)}${outage(figures)}`;
    if (preboot.slowestMs === undefined) return atOnce;
    return `${atOnce}; with preboot ${percent(preboot.answeredRightly)}, ${inSeconds(preboot.slowestMs)}${outage(preboot)}`;
  },
  why(figures) {
    const [atOnce, preboot] = [failed(figures), failed(ofPreboot(figures))];
    return [atOnce, preboot && `with preboot ${preboot}`].filter(Boolean).join("; ");
  },
});

export { handleSummary, options, setup };

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function outage({ unavailable }: Figures<DeployFigure>): string {
  return unavailable ? `, ${unavailable} not answered` : "";
}

function failed(figures: Figures<DeployFigure>): string {
  const some = kinds.filter((kind) => figures[`${kind}sFailed`]);
  if (some.length === 0) return "";
  return `an old page's ${some.map((kind) => `${kind}s (${figures[`${kind}sFailed`]})`).join(", ")} failed`;
}

export default play(async (visitors) => {
  const pages = new Map<number, OpenPage>();
  await forEachVisitor(visitors, async (visitor) => {
    pages.set(visitor.number, await openPage(visitor));
  });
  if (!canTrigger("deploy-changed")) {
    recordEventFailed("deploy-changed");
    throw new EndOfJourney();
  }
  const first = pages.values().next().value;
  const figures: Figures<"scripts" | "styles" | DeployFigure | WithPreboot> = {
    scripts: first?.names("script") ?? 0,
    styles: first?.names("style") ?? 0,
    ...(await deploy("deploy-changed", visitors, pages)),
  };
  if (!eventsOnOffer()?.includes("deploy-changed-preboot")) return figures;
  await trigger("rollback");
  const preboot = await deploy("deploy-changed-preboot", visitors, pages);
  for (const figure of deployFigures) figures[withPreboot(figure)] = preboot[figure];
  return figures;
});

/** What the pages are answered during one deploy and after it. */
async function deploy(
  event: "deploy-changed" | "deploy-changed-preboot",
  visitors: readonly Visitor[],
  pages: ReadonlyMap<number, OpenPage>,
): Promise<Record<DeployFigure, number>> {
  const wrong = { script: 0, style: 0, navigation: 0, form: 0 };
  const tally = { during: { yes: 0, no: 0 }, after: { yes: 0, no: 0 } };
  let phase: keyof typeof tally = "during";
  let unavailable = 0;
  let slowestMs = 0;
  const askAll = async (number: number) => {
    for (const { kind, answer, ms } of (await pages.get(number)?.askForEverything()) ?? []) {
      if (phase === "during") slowestMs = Math.max(slowestMs, ms);
      if (answer === "unavailable") {
        unavailable += 1;
        continue;
      }
      const right = answer === "right";
      observe(right);
      tally[phase][right ? "yes" : "no"] += 1;
      if (!right) wrong[kind] += 1;
    }
  };
  await runEvent(event, visitors, ({ number }) => askAll(number));
  phase = "after";
  await forEachVisitor(visitors, async ({ number }) => {
    for (let visit = 0; visit < visits; visit++) await askAll(number);
  });
  const { during, after } = tally;
  return {
    answeredRightly: share({ yes: during.yes + after.yes, no: during.no + after.no }),
    rightDuring: share(during),
    rightAfter: share(after),
    unavailable,
    slowestMs,
    scriptsFailed: wrong.script,
    stylesFailed: wrong.style,
    navigationsFailed: wrong.navigation,
    formsFailed: wrong.form,
  };
}
