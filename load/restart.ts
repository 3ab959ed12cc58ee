// Do sessions survive a restart of every dyno?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/restart.ts
//   and, when the script says so: heroku ps:restart --app my-app
//
// Visitors come before, during and after the restart. The verdict judges the change: an app whose dynos do not
// share sessions to begin with is `not tested`.
//   VISITORS       visitors at the same time (10)
//   VISITS         how often each comes before the restart, and after it (6)
//   MIN_DYNOS      1 for an app that has one dyno on purpose (2)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have to run the command (60)
import { createScenario } from "./lib/create-scenario.ts";
import {
  keptFigures,
  keptHeadline,
  runEvent,
  visitAfter,
  visitBefore,
} from "./lib/events/events.ts";
import { numberOption } from "./lib/options.ts";

const visits = numberOption("VISITS", 6);

const { options, setup, play, handleSummary } = createScenario({
  name: "restart",
  figures: keptFigures,
  headline: keptHeadline,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const kept = await visitBefore(visitors, visits);
  await runEvent("restart", visitors);
  await visitAfter(visitors, visits);
  return kept();
});
