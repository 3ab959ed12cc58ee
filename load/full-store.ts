// Are visitors left, and can others come, when strangers fill the store?
//
//   bin/dynos up apps/cache-app --web 3
//   k6 run -e BASE_URL=https://localhost:PORT -e EVENTS=ADDRESS load/full-store.ts
//
// Strangers create sessions with long notes, more than fits into the memory of a small cache, while the signed-in
// visitors are away. Then these come back, and somebody new signs in. Afterwards the store is restarted, so that it is
// as before.
//   VISITORS   signed-in visitors (20)
//   FILL_MB    how much strangers write (40): the smallest caches of Heroku's add-ons have 25 MB
//   NOTE_BYTES of each stranger's note (60000); the longest that the app keeps, where that is less
//   EVENTS     an address that triggers events; see load/README.md
import { createScenario } from "./lib/create-scenario.ts";
import { trigger } from "./lib/events.ts";
import { observe } from "./lib/evidence.ts";
import { send } from "./lib/http.ts";
import { eventsUrl, numberOption } from "./lib/options.ts";
import { routes } from "./lib/routes.ts";
import { signedInByApi, signIn, whoRoute } from "./lib/sign-in.ts";
import { percent } from "./lib/summary.ts";
import { createVisitor, forEachVisitor, newNote, type Visitor } from "./lib/visitor.ts";

const fillBytes = numberOption("FILL_MB", 40) * 1_000_000;
const noteBytes = numberOption("NOTE_BYTES", 60_000);

const AT_ONCE = 8;

const { options, setup, play, handleSummary } = createScenario({
  name: "full-store",
  visitors: 20,
  figures: [
    ...(["strangers", "refusedShare", "leftShare", "readsFailed", "newcomerSignedIn"] as const),
  ],
  headline: ({ leftShare, readsFailed, newcomerSignedIn }) =>
    `${percent(leftShare)} left${readsFailed ? `, ${readsFailed} reads failed` : ""}; sign-in ${newcomerSignedIn ? "works" : "refused"}`,
});

export { handleSummary, options, setup };

const enter = async (visitor: Visitor) =>
  routes().signIn ? signIn(visitor) : (await visitor.visit()) !== "failed";

/** `undefined` if nobody could say. */
async function isKnown(visitor: Visitor): Promise<boolean | undefined> {
  const answer = await visitor.send("GET", whoRoute());
  if (!answer.ok) return undefined;
  return routes().signIn ? signedInByApi(answer, visitor) : answer.session() !== null;
}

async function fill(): Promise<{ strangers: number; refused: number }> {
  let strangers = 0;
  let refused = 0;
  const note = () => newNote().padEnd(noteBytes, "x");
  const lane = async () => {
    while (strangers * noteBytes < fillBytes) {
      strangers += 1;
      const body = JSON.stringify({ note: note() });
      const visitor = `stranger ${strangers}`;
      const answer = await send("POST", "/api/session", { visitor, body, accept: [503] });
      if (answer.status !== 200) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { strangers, refused };
}

export default play(async (visitors) => {
  await forEachVisitor(visitors, async (visitor) => void (await enter(visitor)));
  const known = await Promise.all(visitors.map(isKnown));
  const present = visitors.filter((_, at) => known[at] === true);
  const { strangers, refused } = await fill();
  const states = await Promise.all(present.map(isKnown));
  for (const state of states) observe(state === true);
  const newcomer = createVisitor(visitors.length + 1);
  const entered = (await enter(newcomer)) && (await isKnown(newcomer)) === true;
  observe(entered);
  if (eventsUrl) await trigger("store-restart");
  return {
    ...{ strangers, refusedShare: refused / strangers },
    leftShare: states.filter((state) => state === true).length / Math.max(1, present.length),
    readsFailed: states.filter((state) => state === undefined).length,
    newcomerSignedIn: entered ? 1 : 0,
  };
});
