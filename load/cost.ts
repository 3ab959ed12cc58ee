// What does a session cost?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/cost.ts
//
// Each of some visitors at the same time asks, in turn, for the same answer without a session, for a read of
// its session and for a write, so that all three meet the same machine at the same moment. Times depend on
// the machine; their ratio to the answer without a session says more.
//   VUS      how many visitors at the same time (8)
//   SECONDS  how long, after half a second that does not count (5)
import { ask } from "./lib/ask.ts";
import { costFigures, costHeadline, costOf, recordCost } from "./lib/cost.ts";
import { hold } from "./lib/evidence.ts";
import { number } from "./lib/options.ts";

const vus = number("VUS", 8);
const seconds = number("SECONDS", 5);
const warmUpMs = 500;

const { options, setup, play, handleSummary } = ask({
  scenario: "cost",
  question: "What does a session cost?",
  visitors: 1, // in each VU
  figures: costFigures,
  measured: costOf,
  headline: costHeadline,
  options: {
    scenarios: { load: { executor: "per-vu-iterations", vus, iterations: 1, maxDuration: "30m" } },
  },
});

export { handleSummary, options, setup };

export default play(async ([visitor]) => {
  if (!visitor) return {};
  const began = Date.now();
  const took = () => Date.now() - began;
  let failed = 0;
  let sent = 0;
  let counted = 0;
  // On a machine that is slow enough the first round outlasts everything; one must count all the same.
  while (counted === 0 || took() < warmUpMs + seconds * 1000) {
    const warm = took() > warmUpMs;
    const plain = await visitor.send("GET", "/api/plain");
    const read = await visitor.send("GET", "/api/session");
    const write = await visitor.send("POST", "/api/session", { body: "{}" });
    if (warm) {
      recordCost({ plain, read, write });
      counted++;
    }
    sent += 3;
    failed += [plain, read, write].filter(({ ok }) => !ok).length;
  }
  hold(failed <= sent / 100);
  return {};
});
