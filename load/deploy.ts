// Do sessions survive a release, a new secret and a rollback?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/deploy.ts
//   and, when the script says so, the commands it prints: git push, config:set twice, heroku rollback
//
// Visitors keep coming while the app is released again, while its secret is rotated in two steps (first every
// dyno accepts the new one, then every dyno uses it), and while the last step is rolled back. A page that was
// opened before all this is submitted after each step: the app must still know its server action.
//   VISITORS       visitors at the same time (10)
//   VISITS         how often each comes before, and after each step (4)
//   MIN_DYNOS      1 for an app that has one dyno on purpose (2)
//   EVENTS         an address that triggers events; see load/README.md
//   SECRET         without EVENTS: the config var that holds the secret (SESSION_SECRET)
//   EVENT_SECONDS  without EVENTS: how long you have for each step (60)
import { createScenario } from "./lib/create-scenario.ts";
import {
  canTrigger,
  keptFigures,
  keptHeadline,
  runEvent,
  visitAfter,
  visitBefore,
} from "./lib/events/events.ts";
import { observe } from "./lib/evidence.ts";
import { say } from "./lib/history.ts";
import { numberOption } from "./lib/options.ts";
import { noteFormOf } from "./lib/visitors/note-form.ts";
import { routes } from "./lib/visitors/routes.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { forEachVisitor, newNote } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 4);

/** In this order; the secret in two steps. Where its name is not known, that is left out. */
const steps = [
  { event: "deploy", figure: "lostByRelease" },
  { event: "rotate-accept", figure: "lostBySecret" },
  { event: "rotate-use", figure: "lostBySecret" },
  { event: "rollback", figure: "lostByRollback" },
] as const;

const { options, setup, play, handleSummary } = createScenario({
  name: "deploy",
  figures: [
    ...keptFigures,
    ...(["lostByRelease", "lostBySecret", "lostByRollback"] as const),
    ...(["pagesOpened", "submitsRefused"] as const),
  ],
  headline(figures) {
    const secret = figures.lostByRelease !== undefined && figures.lostBySecret === undefined;
    return keptHeadline(figures) + (secret ? ", no new secret" : "");
  },
  why({ lostByRelease, lostBySecret, lostByRollback, submitsRefused }) {
    const reasons = [
      lostByRelease && `${lostByRelease} sessions were lost by the release`,
      lostBySecret && `${lostBySecret} sessions were lost by the new secret`,
      lostByRollback && `${lostByRollback} sessions were lost by the rollback`,
      submitsRefused && `${submitsRefused} submits of pages opened before were refused`,
    ];
    return reasons.filter(Boolean).join("; ");
  },
});

export { handleSummary, options, setup };

/** A page in an open tab: what its form sends was decided when it was loaded. */
interface OpenPage {
  /** Submits the form. Returns whether the session then has the note. */
  submit(): Promise<boolean>;
}

async function openPage(visitor: Visitor): Promise<OpenPage | undefined> {
  if (!routes().page || !routes().note) return undefined;
  const form = noteFormOf((await visitor.send("GET", "/")).text);
  if (!form) return undefined;
  return {
    async submit() {
      const note = newNote();
      await form.submit(visitor, note);
      return (await visitor.send("GET", "/api/session")).session()?.note === note;
    },
  };
}

export default play(async (visitors) => {
  const kept = await visitBefore(visitors, visits);
  const pages: OpenPage[] = [];
  await forEachVisitor(visitors, async (visitor) => {
    const page = await openPage(visitor);
    if (page) pages.push(page);
  });
  if (pages.length === 0) say("The page has no form with a note: no page was submitted.");
  let submitsRefused = 0;
  const lost: Partial<Record<(typeof steps)[number]["figure"], number>> = {};
  for (const { event, figure } of steps) {
    if (!canTrigger(event)) continue;
    const lostBefore = visitors.filter((visitor) => visitor.lost > 0).length;
    await runEvent(event, visitors);
    await visitAfter(visitors, visits);
    const lostNow = visitors.filter((visitor) => visitor.lost > 0).length;
    lost[figure] = (lost[figure] ?? 0) + lostNow - lostBefore;
    const submitted = await Promise.all(pages.map((page) => page.submit()));
    for (const accepted of submitted) observe(accepted);
    submitsRefused += submitted.filter((accepted) => !accepted).length;
  }
  return { ...kept(), ...lost, pagesOpened: pages.length, submitsRefused };
});
