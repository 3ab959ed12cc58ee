// Do sessions survive a restart of every dyno?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/restart.ts
//   and, when the script says so: heroku ps:restart --app my-app
//
// Visitors come before, during and after the restart. What counts is the change: an app whose dynos do not
// share sessions to begin with is `not tested`.
//   VISITORS       how many visitors, at the same time (10)
//   VISITS         how often each comes before the restart, and after it (6)
//   MIN_DYNOS      1 for an app that has one dyno on purpose (2)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have to run the command (60)
import { ask } from "./lib/ask.ts";
import { after, before, keptFigures, keptHeadline } from "./lib/change.ts";
import { happen } from "./lib/events.ts";
import { number } from "./lib/options.ts";

const visits = number("VISITS", 6);

const { options, setup, play, handleSummary } = ask({
  scenario: "restart",
  question: "Do sessions survive a restart of every dyno?",
  event: true,
  figures: keptFigures,
  headline: keptHeadline,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const kept = await before(visitors, visits);
  await happen("restart", visitors);
  await after(visitors, visits);
  return kept();
});
