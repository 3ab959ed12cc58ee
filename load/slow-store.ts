// Is every request answered while the store is slow, or does not answer?
//
//   bin/dynos up apps/db-app --web 3
//   k6 run -e BASE_URL=https://localhost:PORT -e EVENTS=ADDRESS load/slow-store.ts
//
// Visitors keep coming while the store answers 200 ms later, and then not at all. Each request to a session route must
// be answered within 4 s, by a 503 if need be; a route without a session must not suffer; and afterwards all is well
// again, with every session.
//   VISITORS        visitors at the same time (10)
//   SLOW_SECONDS    how long the store is slow (4)
//   FROZEN_SECONDS  how long it does not answer (10)
//   EVENTS          an address that triggers events; see load/README.md
import { createScenario } from "./lib/create-scenario.ts";
import { pause, trigger, visitBefore, whileVisiting } from "./lib/events/events.ts";
import { observe } from "./lib/evidence.ts";
import { judgeHistory } from "./lib/history.ts";
import { numberOption } from "./lib/options.ts";
import { percent } from "./lib/summary.ts";
import { share, type Tally } from "./lib/verdict.ts";
import { send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import type { AppResponse, Visitor } from "./lib/visitors/types.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const slowSeconds = numberOption("SLOW_SECONDS", 4);
const frozenSeconds = numberOption("FROZEN_SECONDS", 10);

/** A route without a session does not wait for the store; a busy machine may take some time. */
const PLAIN_LIMIT_MS = 1_500;
const WELL_WITHIN_SECONDS = 15;
const VISITS_BEFORE = 3;

const { options, setup, play, handleSummary } = createScenario({
  name: "slow-store",
  figures: [
    ...(["slowAnsweredShare", "frozenAnsweredShare", "lateAnswers", "plainMaxMs"] as const),
    ...(["secondsUntilWell", "sessionsLost"] as const),
  ],
  headline: ({ slowAnsweredShare, lateAnswers, secondsUntilWell }) =>
    `${percent(slowAnsweredShare)} answered when slow, ${lateAnswers ?? "?"} late, well after ${secondsUntilWell?.toFixed(1) ?? "?"} s`,
  why({ lateAnswers, sessionsLost }) {
    const reasons = [
      lateAnswers && `${lateAnswers} answers took longer than 4 s`,
      sessionsLost && `${sessionsLost} sessions were lost`,
    ];
    return reasons.filter(Boolean).join("; ") || undefined;
  },
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const kept = await visitBefore(visitors, VISITS_BEFORE);
  let plainMaxMs = 0;
  const count = ({ ok }: AppResponse, tally: Tally) => {
    tally[ok ? "yes" : "no"] += 1;
  };

  /** What visitors and a route without a session meet while the store is disturbed. */
  async function during(event: "store-slow" | "store-freeze", seconds: number): Promise<number> {
    const tally: Tally = { yes: 0, no: 0 };
    const browse = async (visitor: Visitor) => {
      count(await visitor.send("GET", "/api/session"), tally);
      count(await visitor.send("POST", "/api/session", { body: "{}" }), tally);
      visitor.mayHaveVisited();
    };
    await trigger(event);
    await whileVisiting(
      visitors,
      async () => {
        for (const until = Date.now() + seconds * 1_000; Date.now() < until; await pause(100)) {
          if (routes().baseline !== "/api/plain") continue;
          const plain = await send("GET", "/api/plain");
          plainMaxMs = Math.max(plainMaxMs, plain.ms);
          observe(plain.ok && plain.ms <= PLAIN_LIMIT_MS);
        }
        if (event === "store-slow") await trigger("store-mend");
      },
      browse,
    );
    return share(tally);
  }

  /** From when the store answers again until every visitor is answered at the first try. */
  async function secondsUntilWell(): Promise<number> {
    const began = Date.now();
    const seconds = () => (Date.now() - began) / 1_000;
    for (;;) {
      const at = seconds();
      const outcomes: string[] = [];
      await forEachVisitor(visitors, async (visitor) => {
        outcomes.push(await visitor.visit());
      });
      const well = outcomes.every((outcome) => outcome !== "failed");
      if (!well && seconds() < WELL_WITHIN_SECONDS) continue;
      observe(well);
      return Math.round((well ? at : seconds()) * 100) / 100;
    }
  }

  const slowAnsweredShare = await during("store-slow", slowSeconds);
  const frozenAnsweredShare = await during("store-freeze", frozenSeconds);
  await trigger("store-mend");
  const well = await secondsUntilWell();
  const lateAnswers = judgeHistory(["in-time"]).violations.length;
  return {
    ...{ slowAnsweredShare, frozenAnsweredShare, lateAnswers },
    ...{ plainMaxMs: Math.round(plainMaxMs), secondsUntilWell: well },
    sessionsLost: kept().sessionsLost,
  };
});
