// Do sessions survive scaling up and down?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/scale.ts
//   and, when the script says so: heroku ps:scale web=1 --app my-app, then web=4, then web=2
//
// Visitors keep coming while the app is scaled to 1 dyno, to 4 and to 2. Added dynos show whether a new dyno finds
// the sessions; removed dynos show whether sessions outlive the dyno.
//   VISITORS       visitors at the same time (10)
//   VISITS         how often each comes before, and after each change (4)
//   EVENTS         an address that triggers events; see load/README.md
//   EVENT_SECONDS  without EVENTS: how long you have to run each command (60)
import { createScenario } from "./lib/create-scenario.ts";
import {
  keptFigures,
  keptHeadline,
  runEvent,
  visitAfter,
  visitBefore,
} from "./lib/events/events.ts";
import { numberOption } from "./lib/options.ts";

const visits = numberOption("VISITS", 4);

const { options, setup, play, handleSummary } = createScenario({
  name: "scale",
  figures: keptFigures,
  headline: keptHeadline,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const kept = await visitBefore(visitors, visits);
  for (const event of ["scale-1", "scale-4", "scale-2"] as const) {
    await runEvent(event, visitors);
    await visitAfter(visitors, visits);
  }
  return kept();
});
