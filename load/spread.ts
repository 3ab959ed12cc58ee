// Does every request go to a random dyno?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/spread.ts
//
// Sends one request at a time, so that the order is the router's, from a visitor chosen at random, so that round
// robin does not look like affinity. Both show in how often two requests in a row, of all visitors or of one,
// reach the same dyno. More dynos take more requests.
//   VISITORS  how many visitors (20)
//   VISITS    how often each comes on average, at least (8)
import { createScenario } from "./lib/create-scenario.ts";
import { nameOf } from "./lib/dynos.ts";
import { observe } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { requestsNeeded, routingOf, routings } from "./lib/routing.ts";
import { routes } from "./lib/visitors/routes.ts";

const visits = numberOption("VISITS", 8);

const { options, setup, play, handleSummary } = createScenario({
  name: "spread",
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
    const response = await visitor?.send("GET", routes().baseline);
    if (!visitor || !response?.ok) continue;
    const dyno = nameOf(response);
    dynos.add(dyno);
    routed.push({ visitor: visitor.number, dyno });
  }
  const { routing, counts, ...figures } = routingOf(routed);
  observe(routing === "random");
  const perDyno = counts.map((count, at) => [`requestsDyno${at + 1}`, count]);
  return { ...figures, ...Object.fromEntries(perDyno), routing: routings.indexOf(routing) };
});
