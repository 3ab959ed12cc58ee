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
//   NOTE_BYTES of each note (60000), less where the app refuses that
//   EVENTS     an address that triggers events; see load/README.md
import { createScenario } from "./lib/create-scenario.ts";
import { pause, trigger } from "./lib/events/events.ts";
import { asControl, observe } from "./lib/evidence.ts";
import { recordFault } from "./lib/history.ts";
import { eventsUrl, numberOption } from "./lib/options.ts";
import { percent } from "./lib/summary.ts";
import { send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signedInByApi, signIn, whoRoute } from "./lib/visitors/sign-in.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { createVisitor, forEachVisitor, newNote, randomText } from "./lib/visitors/visitor.ts";

const fillBytes = numberOption("FILL_MB", 40) * 1_000_000;
const noteBytes = numberOption("NOTE_BYTES", 60_000);

const AT_ONCE = 8;
const ROUNDS = 3;
const ROUND_MS = 2_000;
const SHORT_BYTES = 300;
const MOST_SHORT = 1_000;
const REFUSED_IN_A_ROW = 5;

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

const noteOf = (bytes: number) =>
  JSON.stringify({ note: `${newNote()}${randomText(bytes)}`.slice(0, bytes) });

/** Visitors and strangers have sessions of one size: memcached makes room among items of the same size only. */
async function keepNote(visitor: Visitor): Promise<number> {
  for (let bytes = noteBytes; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    const body = noteOf(bytes);
    const { status } = await visitor.send("POST", "/api/session", { body, accept: [413] });
    if (status !== 413) return bytes;
  }
  return 0;
}

async function fill(bytes: number): Promise<{ strangers: number; refused: number }> {
  let strangers = 0;
  let refused = 0;
  async function stranger(length: number): Promise<boolean> {
    strangers += 1;
    const visitor = `stranger ${strangers}`;
    const answer = await send("POST", "/api/session", {
      visitor,
      body: noteOf(length),
      accept: [503],
    });
    if (answer.status !== 200) refused += 1;
    return answer.status === 200;
  }
  const lane = async () => {
    while (strangers * bytes < fillBytes) await stranger(bytes);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  // Where long notes are refused some room is left for short ones, and more when the store has freed its buffers.
  for (let round = 0; refused > 0 && round < ROUNDS; round++) {
    let inARow = 0;
    for (let more = 0; more < MOST_SHORT && inARow < REFUSED_IN_A_ROW; more++)
      inARow = (await stranger(SHORT_BYTES)) ? 0 : inARow + 1;
    if (round < ROUNDS - 1) await pause(ROUND_MS);
  }
  return { strangers, refused };
}

export default play(async (visitors) => {
  await forEachVisitor(visitors, async (visitor) => void (await enter(visitor)));
  const sizes = await Promise.all(visitors.map(keepNote));
  const known = await Promise.all(visitors.map(isKnown));
  const present = visitors.filter((_, at) => known[at] === true);
  // If nobody is left before the store is full, what happens then says nothing.
  await asControl(async () => observe(present.length > 0));
  const began = Date.now();
  const { strangers, refused } = await fill(Math.max(1, ...sizes));
  const states = await Promise.all(present.map(isKnown));
  for (const state of states) observe(state === true);
  const newcomer = createVisitor(visitors.length + 1);
  const entered = (await enter(newcomer)) && (await isKnown(newcomer)) === true;
  observe(entered);
  if (eventsUrl) await trigger("store-restart");
  recordFault("store-full", began, Date.now());
  return {
    ...{ strangers, refusedShare: refused / strangers },
    leftShare: states.filter((state) => state === true).length / Math.max(1, present.length),
    readsFailed: states.filter((state) => state === undefined).length,
    newcomerSignedIn: entered ? 1 : 0,
  };
});
