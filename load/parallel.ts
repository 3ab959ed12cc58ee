// Do parallel writes to one session all count?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/parallel.ts
//
// One visitor with many tabs: several visits leave at the same moment with the same cookie, and then the
// counter is read, with the cookie from before and with the one that came last; the higher count is believed.
//   VISITORS  how many visitors, at the same time (6)
//   WRITES    how many visits of each at the same moment (8)
import { ask } from "./lib/ask.ts";
import { copyCookies } from "./lib/cookies.ts";
import { hold } from "./lib/evidence.ts";
import { send } from "./lib/http.ts";
import { number } from "./lib/options.ts";
import { each } from "./lib/visitor.ts";

const writes = number("WRITES", 8);
const reads = 6;

const { options, setup, play, handleSummary } = ask({
  scenario: "parallel",
  question: "Do parallel writes to one session all count?",
  visitors: 6,
  figures: ["updatesLost", "updatesSent", "lostShare"],
  headline: ({ updatesLost, updatesSent }) => `${updatesLost} of ${updatesSent} lost`,
});

export { handleSummary, options, setup };

async function highestCount(cookies: string[]): Promise<number> {
  let highest = 0;
  for (let read = 0; read < reads; read++)
    for (const cookie of cookies) {
      const answer = await send("GET", "/api/session", { headers: { cookie } });
      highest = Math.max(highest, answer.session()?.visits ?? 0);
    }
  return highest;
}

export default play(async (visitors) => {
  let updatesLost = 0;
  let updatesSent = 0;
  await each(visitors, async (visitor) => {
    await visitor.visit();
    const before = copyCookies(visitor.jar);
    const sends = Array.from({ length: writes }, () =>
      visitor.send("POST", "/api/session", { body: "{}" }),
    );
    const counted = (await Promise.all(sends)).filter(({ ok }) => ok).length;
    const highest = await highestCount([before, copyCookies(visitor.jar)]);
    const lost = Math.max(0, 1 + counted - highest);
    updatesSent += counted;
    updatesLost += lost;
    hold(lost === 0);
  });
  return { updatesLost, updatesSent, lostShare: updatesLost / Math.max(1, updatesSent) };
});
