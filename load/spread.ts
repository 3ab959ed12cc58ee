// Does every request go to a random dyno?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/spread.ts
//
// One request at a time, so that the order is the router's, each of a visitor drawn by lot, so that round
// robin cannot look like sticking. What gives either away is how often two requests in a row, of all or of
// one visitor, meet the same dyno. More dynos, more requests.
//   VISITORS  how many visitors (20)
//   VISITS    how often each comes on average, at least (8)
import { ask } from "./lib/ask.ts";
import { nameOf } from "./lib/dynos.ts";
import { hold } from "./lib/evidence.ts";
import { number } from "./lib/options.ts";
import { requestsNeeded, routingOf, routings } from "./lib/routing.ts";

const visits = number("VISITS", 8);

const { options, setup, play, handleSummary } = ask({
  scenario: "spread",
  question: "Does every request go to a random dyno?",
  visitors: 20,
  figures: [
    "routing", // its place in `routings`
    "chiSquare",
    "equalNeighbours",
    "equalOwnNeighbours",
    ...([1, 2, 3, 4, 5, 6, 7, 8].map((dyno) => `requestsDyno${dyno}`) as `requestsDyno${number}`[]),
  ],
  headline: ({ routing }) => routings[routing ?? -1] ?? "",
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const routed: { visitor: number; dyno: string }[] = [];
  const dynos = new Set<string>();
  const enough = () => Math.max(visits * visitors.length, requestsNeeded(dynos.size));
  for (let sent = 0; sent < enough(); sent++) {
    const visitor = visitors[Math.floor(Math.random() * visitors.length)];
    const answer = await visitor?.send("GET", "/api/plain");
    if (!visitor || !answer?.ok) continue;
    const dyno = nameOf(answer);
    dynos.add(dyno);
    routed.push({ visitor: visitor.number, dyno });
  }
  const { routing, counts, ...figures } = routingOf(routed);
  hold(routing === "random");
  const perDyno = counts.map((count, at) => [`requestsDyno${at + 1}`, count]);
  return { ...figures, ...Object.fromEntries(perDyno), routing: routings.indexOf(routing) };
});
