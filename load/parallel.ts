// Do all parallel writes to one session count?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/parallel.ts
//
// A visitor with many tabs sends several visits at the same moment with the same cookie, and then reads the counter. The
// history decides (packages/history): a visit is lost if its number is another one's too or is missing in the end, or if
// its dyno did not find the session.
//   VISITORS  visitors at the same time (6)
//   WRITES    visits of each at the same moment (8)
import { createScenario } from "./lib/create-scenario.ts";
import { judgeHistory } from "./lib/history.ts";
import { numberOption } from "./lib/options.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const writes = numberOption("WRITES", 8);

const { options, setup, play, handleSummary } = createScenario({
  name: "parallel",
  visitors: 6,
  figures: ["updatesLost", "updatesSent", "lostShare"],
  headline: ({ updatesLost, updatesSent }) => `${updatesLost} of ${updatesSent} lost`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  let updatesSent = 0;
  await forEachVisitor(visitors, async (visitor) => {
    await visitor.visit();
    const sends = Array.from({ length: writes }, (_, at) =>
      visitor.send("POST", "/api/session", { tab: at + 1, body: "{}" }),
    );
    const answers = await Promise.all(sends);
    updatesSent += answers.filter(({ ok }) => ok).length;
    await visitor.send("GET", "/api/session");
  });
  const { violations } = judgeHistory(["counted-once", "kept"]);
  const lost = violations.filter(
    ({ rule, witnesses }) => rule === "counted-once" || witnesses.at(-1)?.op === "visit",
  );
  const updatesLost = Math.min(lost.length, updatesSent);
  return { updatesLost, updatesSent, lostShare: updatesLost / Math.max(1, updatesSent) };
});
