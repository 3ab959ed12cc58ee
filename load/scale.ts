// Do sessions survive when dynos come and go?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/scale.ts
//   and, when the script says so: heroku ps:scale web=1 --app my-app, then web=4, then web=2
//
// Visitors come while the app goes from what it has to 1 dyno, to 4 and to 2. More dynos ask whether a new
// dyno knows the sessions, fewer whether they outlive the dyno that is gone.
//   VISITORS       how many visitors, at the same time (10)
//   VISITS         how often each comes before, and after each change (4)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have to run each command (60)
import { ask } from "./lib/ask.ts";
import { after, before, keptFigures, keptHeadline } from "./lib/change.ts";
import { happen } from "./lib/events.ts";
import { number } from "./lib/options.ts";

const visits = number("VISITS", 4);

const { options, setup, play, handleSummary } = ask({
  scenario: "scale",
  question: "Do sessions survive when dynos come and go?",
  event: true,
  figures: keptFigures,
  headline: keptHeadline,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const kept = await before(visitors, visits);
  for (const event of ["scale-1", "scale-4", "scale-2"] as const) {
    await happen(event, visitors);
    await after(visitors, visits);
  }
  return kept();
});
