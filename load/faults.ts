// Which promises of a session hold under faults?
//
//   bin/dynos up apps/db-app --web 3
//   k6 run -e BASE_URL=https://localhost:PORT -e EVENTS=ADDRESS load/faults.ts
//
// Visitors with several tabs read, write, sign in and out at a fixed rate while dynos are killed, frozen and restarted
// and the store is slowed down, frozen, cut off and restarted. The verdict is that of the checker: packages/history.
//   SECONDS   how long (30)
//   RATE      requests a second (20)
//   TABS      of each visitor (3)
//   SEED      of the plan and of what visitors do; a run says which it had, so that it can be repeated
//   VISITORS  visitors at the same time (6)
//   EVENTS    an address that triggers events; without it there are no faults
import { createScenario } from "./lib/create-scenario.ts";
import type { EventName } from "./lib/events/event-commands.ts";
import { canTrigger, pause, trigger } from "./lib/events/events.ts";
import { describePlan, type PlannedFault, planFaults } from "./lib/events/fault-plan.ts";
import { createRandom } from "./lib/events/random.ts";
import { judgeHistory, say } from "./lib/history.ts";
import { eventsUrl, numberOption } from "./lib/options.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signIn, signOut, whoRoute } from "./lib/visitors/sign-in.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { newName, newNote } from "./lib/visitors/visitor.ts";

const seconds = numberOption("SECONDS", 30);
const rate = numberOption("RATE", 20);
const tabs = numberOption("TABS", 3);
const seed = numberOption("SEED", 1 + Math.floor(Math.random() * 999_999));

/** How often each fault comes, in relation to the others. */
const FAULTS: readonly (readonly [EventName, number])[] = [
  ...[1, 2, 3].flatMap((dyno) => [
    [`kill-${dyno}` as EventName, 1] as const,
    [`freeze-${dyno}` as EventName, 1] as const,
  ]),
  ["restart", 1],
  ["store-restart", 1],
  ["store-freeze", 2],
  ["store-cut", 2],
  ["store-slow", 2],
];

const { options, setup, play, handleSummary } = createScenario({
  name: "faults",
  visitors: 6,
  figures: ["seed", "operations", "unsure", "faults", "violations", "invariantsBroken", "skipped"],
  headline: ({ operations, faults, violations, invariantsBroken }) =>
    violations
      ? `${violations} violations of ${invariantsBroken} invariants`
      : `${operations} operations, ${faults} faults: all held`,
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
    [enter(names, true), hasSignIn ? 2 : 0],
    [leave, hasSignIn ? 4 : 0],
    [end, counter ? 3 : 0],
  ];
}

async function makeTrouble(plan: readonly PlannedFault[], began: number): Promise<void> {
  for (const { atMs, event, lastsMs } of plan) {
    await pause(Math.max(0, began + atMs - Date.now()));
    await trigger(event);
    if (lastsMs === undefined) continue;
    await pause(lastsMs);
    await trigger("store-mend");
  }
}

export default play(async (visitors) => {
  const random = createRandom(seed);
  const possible = eventsUrl ? FAULTS.filter(([event]) => canTrigger(event)) : [];
  const plan = planFaults(random, possible, seconds);
  say(`Repeat this plan with -e SEED=${seed} -e SECONDS=${seconds}: ${describePlan(plan)}`);
  const desks = visitors.flatMap((visitor) => {
    const choices = deeds([visitor.name, newName(visitor.number)]);
    return Array.from({ length: tabs }, (_, at) => ({
      visitor,
      tab: at + 1,
      choices,
      busy: false,
    }));
  });
  const began = Date.now();
  const trouble = makeTrouble(plan, began);
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
  await trouble;
  await Promise.all(underWay);
  // The final counts.
  await Promise.all(visitors.map((visitor) => read(visitor, 1)));
  return { seed, skipped, faults: plan.length, ...judgeHistory() };
});
