// Can one end all other sessions, on every dyno?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/end-others.ts
//
// Every user signs in with several browsers and reads the list of their sessions on all dynos. Then the first browser ends
// one of the others by its fingerprint, and all others at once while more of them sign in. The verdict is that of the
// checker (packages/history): every acknowledged sign-in is listed until it ends, nothing that was ended answers anywhere,
// and what signs in afterwards lives.
//   SIGN_IN   how to sign in, where it is not by next-auth or better-auth; see load/README.md
//   VISITORS  users at the same time (3)
//   BROWSERS  that each signs in with, before and again during the end of all others (3)
//   ROUNDS    how often all of that happens (2)
//   LOOKS     requests of each browser afterwards, to reach every dyno (5)
import { rulesOfInvariants } from "../packages/history/src/promises.ts";
import { createScenario } from "./lib/create-scenario.ts";
import { pause } from "./lib/events/events.ts";
import { observe } from "./lib/evidence.ts";
import { judgeHistory } from "./lib/history.ts";
import { numberOption } from "./lib/options.ts";
import { many } from "./lib/summary.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signIn, whoRoute } from "./lib/visitors/sign-in.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { createVisitor, forEachVisitor } from "./lib/visitors/visitor.ts";

const browsersEach = numberOption("BROWSERS", 3);
const rounds = numberOption("ROUNDS", 2);
const looks = numberOption("LOOKS", 5);

/** About as long as a sign-in takes. */
const OVERLAP_MS = 40;

/** 3: what nothing ended is there. 4: what was ended is not. 6: nothing is another visitor's. 10: the list is right. */
const ASKED = [3, 4, 6, 10];

const { options, setup, play, handleSummary } = createScenario({
  name: "end-others",
  visitors: 3,
  figures: ["signIns", "endedOne", "endedOthers", "operations", "violations", "invariantsBroken"],
  headline: ({ signIns, endedOthers, violations, invariantsBroken }) => {
    if (endedOthers === undefined) return "sessions cannot be listed";
    return violations
      ? `${many(violations, "violation")} of ${many(invariantsBroken, "invariant")}`
      : `${signIns} sign-ins, ${endedOthers} times all others ended: all held`;
  },
  why: (_, { cannotList }) => cannotList,
});

export { handleSummary, options, setup };

/** The session in this browser, by the API. */
const read = (browser: Visitor) => browser.send("GET", "/api/session");
const list = (browser: Visitor) => browser.send("GET", "/api/sessions", { accept: [401, 501] });

/** Asks again and again, so that every dyno answers. */
async function often(ask: () => Promise<unknown>): Promise<void> {
  for (let look = 0; look < looks; look++) await ask();
}

/** Whether an ended session answers anywhere: to the API on every dyno, to the list, the page or the sign-in library. */
async function lookForEnded(browser: Visitor): Promise<void> {
  await often(() => read(browser));
  await list(browser);
  if (routes().page) await browser.send("GET", "/");
  await browser.send("GET", whoRoute());
}

export default play(async (visitors) => {
  let refused = false;
  let signIns = 0;
  let endedOne = 0;
  let endedOthers = 0;
  let opened = visitors.length;

  async function enter(browser: Visitor, name: string): Promise<void> {
    if (await signIn(browser, { name })) signIns += 1;
    // Which session that made.
    await read(browser);
  }

  /** Signs the user in with a new browser. */
  async function open({ name }: Visitor): Promise<Visitor> {
    opened += 1;
    const browser = createVisitor(opened);
    await enter(browser, name);
    return browser;
  }

  const openSeveral = (user: Visitor, withinMs: number) =>
    Promise.all(
      Array.from({ length: browsersEach }, async () => {
        await pause(Math.random() * withinMs);
        return open(user);
      }),
    );

  async function endOne(first: Visitor, other: Visitor): Promise<void> {
    const fingerprint = (await read(other)).session()?.fingerprint;
    const ended = await first.send("DELETE", `/api/sessions/${fingerprint}`);
    if (ended.ok) endedOne += 1;
    await lookForEnded(other);
  }

  async function endOthers(first: Visitor): Promise<void> {
    // The sign-ins beside it take some requests each, so they begin before it, during it and after it.
    await pause(Math.random() * OVERLAP_MS);
    const ended = await first.send("DELETE", "/api/sessions");
    if (ended.ok) endedOthers += 1;
  }

  await forEachVisitor(visitors, async (first) => {
    await enter(first, first.name);
    await often(async () => {
      if ((await list(first)).status !== 501) return;
      refused = true;
      observe(false);
    });
    for (let round = 0; round < rounds && !refused; round++) {
      const [chosen, ...others] = await openSeveral(first, 0);
      await often(() => list(first));
      if (chosen) await endOne(first, chosen);
      const [during] = await Promise.all([openSeveral(first, OVERLAP_MS), endOthers(first)]);
      const after = await open(first);
      await Promise.all([
        ...others.map(lookForEnded),
        ...[first, ...during, after].map((browser) => often(() => read(browser))),
        often(() => list(after)),
      ]);
    }
  });
  if (refused) return { signIns };
  const { violations, operations, invariantsBroken } = judgeHistory(rulesOfInvariants(ASKED));
  const counts = { operations, violations: violations.length, invariantsBroken };
  return { signIns, endedOne, endedOthers, ...counts };
});
