// Do all parallel writes to one session count?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/parallel.ts
//
// A visitor with many tabs sends several visits at the same moment with the same cookie. Then the counter is read,
// with the cookie from before and with the last one; the higher count decides.
//   VISITORS  visitors at the same time (6)
//   WRITES    visits of each at the same moment (8)
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { copyCookies, send } from "./lib/visitors/http.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const writes = numberOption("WRITES", 8);
const READS = 6;

const { options, setup, play, handleSummary } = createScenario({
  name: "parallel",
  visitors: 6,
  figures: ["updatesLost", "updatesSent", "lostShare"],
  headline: ({ updatesLost, updatesSent }) => `${updatesLost} of ${updatesSent} lost`,
});

export { handleSummary, options, setup };

async function highestCount(cookies: string[]): Promise<number> {
  let highest = 0;
  for (let read = 0; read < READS; read++)
    for (const cookie of cookies) {
      const response = await send("GET", "/api/session", { headers: { cookie } });
      highest = Math.max(highest, response.session()?.visits ?? 0);
    }
  return highest;
}

export default play(async (visitors) => {
  let updatesLost = 0;
  let updatesSent = 0;
  await forEachVisitor(visitors, async (visitor) => {
    await visitor.visit();
    const before = copyCookies(visitor.jar);
    const sends = Array.from({ length: writes }, (_, at) =>
      visitor.send("POST", "/api/session", { tab: at + 1, body: "{}" }),
    );
    const counted = (await Promise.all(sends)).filter(({ ok }) => ok).length;
    const highest = await highestCount([before, copyCookies(visitor.jar)]);
    const lost = Math.max(0, 1 + counted - highest);
    updatesSent += counted;
    updatesLost += lost;
    observe(lost === 0);
  });
  return { updatesLost, updatesSent, lostShare: updatesLost / Math.max(1, updatesSent) };
});
