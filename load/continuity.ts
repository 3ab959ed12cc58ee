// Does a visitor's session follow from dyno to dyno?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/continuity.ts
//
// Every visitor comes back several times, and each visit must raise the session's counter by one, whichever dyno
// answers. Options besides those of load/README.md:
//   VISITORS  visitors at the same time (10)
//   VISITS    how often each comes (8)
import { createScenario } from "./lib/create-scenario.ts";
import { numberOption } from "./lib/options.ts";
import { percent } from "./lib/summary.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 8);

const { options, setup, play, handleSummary } = createScenario({
  name: "continuity",
  figures: ["foundShare", "sessionsLost", "journeysBroken"],
  headline: ({ foundShare }) => `${percent(foundShare)} found`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  await forEachVisitor(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) await visitor.visit();
  });
  const found = visitors.reduce((sum, visitor) => sum + visitor.found, 0);
  const lost = visitors.reduce((sum, visitor) => sum + visitor.lost, 0);
  return {
    foundShare: found / Math.max(1, found + lost),
    sessionsLost: lost,
    journeysBroken: visitors.filter((visitor) => visitor.lost > 0).length,
  };
});
