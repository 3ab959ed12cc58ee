// Which promises of a session hold under faults?
//
//   bin/dynos up apps/db-app --web 3
//   k6 run -e BASE_URL=https://localhost:PORT -e EVENTS=ADDRESS load/faults.ts
//
// Visitors with several tabs read, write, sign in and out at a fixed rate while dynos are killed, frozen, restarted and
// given a wrong clock, and the store is slowed down, frozen, cut off, filled up and restarted. The verdict is that of the checker: packages/history.
//   SECONDS   how long (30)
//   RATE      operations a second (50)
//   TABS      of each visitor (3; 1 where answers do not name their session)
//   SEED      of the plan and of what visitors do; a run says which it had, so that it can be repeated
//   VISITORS  visitors at the same time (12)
//   EVENTS    an address that triggers events; without it there are no faults
import { createScenario } from "./lib/create-scenario.ts";
import { type EventName, endOf } from "./lib/events/event-commands.ts";
import { canTrigger, pause, trigger } from "./lib/events/events.ts";
import {
  AFTERWARDS_MS,
  describePlan,
  type PlannedFault,
  planFaults,
} from "./lib/events/fault-plan.ts";
import { createRandom } from "./lib/events/random.ts";
import { judgeHistory, say, sessionsAreNamed } from "./lib/history.ts";
import { eventsUrl, numberOption } from "./lib/options.ts";
import { many } from "./lib/summary.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signIn, signOut, whoRoute } from "./lib/visitors/sign-in.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { newName, newNote } from "./lib/visitors/visitor.ts";

const seconds = numberOption("SECONDS", 30);
const rate = numberOption("RATE", 50);
const tabs = numberOption("TABS", 3);
const seed = numberOption("SEED", 1 + Math.floor(Math.random() * 999_999));

const onEachDyno = (verb: "kill" | "freeze" | "clock"): EventName[] => [
  `${verb}-1`,
  `${verb}-2`,
  `${verb}-3`,
];

/** The kinds of faults; each comes as often as the others. */
const FAULTS: readonly EventName[][] = [
  onEachDyno("kill"),
  onEachDyno("freeze"),
  onEachDyno("clock"),
  ["restart"],
  ["store-restart"],
  ["store-freeze"],
  ["store-cut"],
  ["store-slow"],
  ["store-fill"],
];

const { options, setup, play, handleSummary } = createScenario({
  name: "faults",
  visitors: 12,
  figures: ["seed", "operations", "unsure", "faults", "violations", "invariantsBroken", "skipped"],
  headline: ({ operations, faults, violations, invariantsBroken }) =>
    violations
      ? `${many(violations, "violation")} of ${many(invariantsBroken, "invariant")}`
      : `${many(operations, "operation")}, ${many(faults, "fault")}: all held`,
  options: {
    scenarios: {
      visitors: { executor: "per-vu-iterations", vus: 1, iterations: 1, maxDuration: "3h" },
    },
  },
});

export { handleSummary, options, setup };

type Deed = (visitor: Visitor, tab: number) => Promise<unknown>;

const read: Deed = (visitor, tab) =>
  visitor.send("GET", routes().counter ? "/api/session" : whoRoute(), { tab });
const visit: Deed = (visitor, tab) => visitor.send("POST", "/api/session", { tab, body: "{}" });
const note: Deed = (visitor, tab) => {
  const body = JSON.stringify({ note: newNote() });
  return visitor.send("POST", "/api/session", { tab, body });
};
const page: Deed = (visitor, tab) => visitor.send("GET", "/", { tab });
const who: Deed = (visitor, tab) => visitor.send("GET", whoRoute(), { tab });
const leave: Deed = (visitor, tab) => signOut(visitor, tab);
const end: Deed = (visitor, tab) => visitor.send("DELETE", "/api/session", { tab });

/** Signs in under one of two names, and looks who that made of the visitor. */
function enter(names: readonly [string, string], second: boolean): Deed {
  return async (visitor, tab) => {
    await signIn(visitor, { tab, name: names[second ? 1 : 0] });
    await read(visitor, tab);
  };
}

/** How often a visitor does what, in relation to the rest. */
function deeds(names: readonly [string, string]): readonly (readonly [Deed, number])[] {
  const { counter, note: notes, page: hasPage, signIn: hasSignIn } = routes();
  return [
    [read, 35],
    [visit, counter ? 30 : 0],
    [note, notes ? 8 : 0],
    [page, hasPage ? 5 : 0],
    [who, hasSignIn ? 7 : 0],
    [enter(names, false), hasSignIn ? 6 : 0],
    [enter(names, true), hasSignIn && sessionsAreNamed() ? 2 : 0],
    [leave, hasSignIn ? 4 : 0],
    [end, counter ? 3 : 0],
  ];
}

/** Returns how many faults there were: what takes longer than planned leaves no time for the last ones. */
async function makeTrouble(plan: readonly PlannedFault[], began: number): Promise<number> {
  let made = 0;
  for (const { atMs, event, lastsMs } of plan) {
    await pause(Math.max(0, began + atMs - Date.now()));
    if (made > 0 && Date.now() > began + seconds * 1_000 - AFTERWARDS_MS) break;
    await trigger(event);
    made += 1;
    const end = endOf(event);
    if (!end) continue;
    await pause(lastsMs ?? 0);
    await trigger(end);
  }
  return made;
}

export default play(async (visitors) => {
  const random = createRandom(seed);
  const offered = eventsUrl ? FAULTS.map((events) => events.filter(canTrigger)) : [];
  const plan = planFaults(random, offered, seconds);
  if (eventsUrl && !canTrigger("clock-1"))
    say(
      "Wrong clocks are not tested: the local Heroku has no libfaketime. `bin/setup --tests` installs it.",
    );
  say(`Repeat this plan with -e SEED=${seed} -e SECONDS=${seconds}: ${describePlan(plan)}`);
  // Where answers do not name their session, a visitor's is known by the order of operations and by its user: so there is
  // one tab, which waits for each answer, and one name. Two tabs share a cookie jar, and either may have changed it.
  const tabsEach = sessionsAreNamed() ? tabs : 1;
  const desks = visitors.flatMap((visitor) => {
    const choices = deeds([visitor.name, newName(visitor.number)]);
    return Array.from({ length: tabsEach }, (_, at) => ({
      visitor,
      tab: at + 1,
      choices,
      busy: false,
    }));
  });
  const began = Date.now();
  const trouble = makeTrouble(plan, began);
  trouble.catch(() => {}); // it is awaited below; k6 ends at once when it fails before that
  const underWay = new Set<Promise<unknown>>();
  let skipped = 0;
  for (let tick = 0; tick < seconds * rate; tick++) {
    await pause(Math.max(0, began + (tick * 1_000) / rate - Date.now()));
    const idle = desks.filter(({ busy }) => !busy);
    const desk = idle[random.between(0, idle.length - 1)];
    const deed = random.pick((desk ?? desks[0])?.choices ?? []);
    if (!desk) {
      skipped += 1;
      continue;
    }
    desk.busy = true;
    const work = deed(desk.visitor, desk.tab).finally(() => {
      desk.busy = false;
      underWay.delete(work);
    });
    underWay.add(work);
  }
  const faults = await trouble;
  await Promise.all(underWay);
  // The final counts.
  await Promise.all(visitors.map((visitor) => read(visitor, 1)));
  const { violations, ...counts } = judgeHistory();
  return { seed, skipped, faults, ...counts, violations: violations.length };
});
