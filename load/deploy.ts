// Do sessions survive a new release, a new secret and a rollback?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/deploy.ts
//   and, when the script says so, what it says: a push, two times config:set, heroku rollback
//
// Visitors come while the app is released again, while its secret is rotated in two steps (first every dyno
// accepts the new one, then every dyno uses it), and while the last step is rolled back. A page that was
// opened before all this is submitted after each step: its server action has to be known still.
//   VISITORS       how many visitors, at the same time (10)
//   VISITS         how often each comes before, and after each step (4)
//   MIN_DYNOS      1 for an app that has one dyno on purpose (2)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have for each step (60)
import { ask } from "./lib/ask.ts";
import { after, before, keptFigures, keptHeadline } from "./lib/change.ts";
import { happen } from "./lib/events.ts";
import { hold } from "./lib/evidence.ts";
import { type OpenPage, openPage } from "./lib/open-page.ts";
import { number } from "./lib/options.ts";
import { each } from "./lib/visitor.ts";

const visits = number("VISITS", 4);

const { options, setup, play, handleSummary } = ask({
  scenario: "deploy",
  question: "Do sessions survive a new release, a new secret and a rollback?",
  event: true,
  figures: [...keptFigures, "pagesOpened", "submitsRefused"],
  headline: keptHeadline,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const kept = await before(visitors, visits);
  const pages: OpenPage[] = [];
  await each(visitors, async (visitor) => {
    const page = await openPage(visitor);
    if (page) pages.push(page);
  });
  if (pages.length === 0) console.warn("The page has no form with a note: no page was submitted.");
  let submitsRefused = 0;
  for (const event of ["deploy", "rotate-accept", "rotate-use", "rollback"] as const) {
    await happen(event, visitors);
    await after(visitors, visits);
    const submitted = await Promise.all(pages.map((page) => page.submit()));
    for (const accepted of submitted) hold(accepted);
    submitsRefused += submitted.filter((accepted) => !accepted).length;
  }
  return { ...kept(), pagesOpened: pages.length, submitsRefused };
});
