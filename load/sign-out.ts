// Does sign-out end a copied cookie on every dyno?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/sign-out.ts
//
// Every visitor signs in (or visits, where there is no sign-in), someone copies the cookies, the visitor signs out
// (or sends DELETE /api/session), and the copy is replayed often enough
// to reach every dyno. The history decides (packages/history). A strategy that keeps nothing on a server has nothing to delete, so the copy still works.
//   SIGN_IN   how to sign in, where it is not by next-auth or better-auth; see load/README.md
//   VISITORS  visitors at the same time (8)
//   REPLAYS   how often each copy is sent before and after the sign-out (12)
import { createScenario } from "./lib/create-scenario.ts";
import { pause } from "./lib/events/events.ts";
import { judgeHistory } from "./lib/history.ts";
import { numberOption } from "./lib/options.ts";
import { percent } from "./lib/summary.ts";
import { share, type Tally } from "./lib/verdict.ts";
import { copyCookies, send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signedInByApi, signIn, signOut, whoRoute } from "./lib/visitors/sign-in.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const replays = numberOption("REPLAYS", 12);

const { options, setup, play, handleSummary } = createScenario({
  name: "sign-out",
  visitors: 8,
  figures: ["acceptedShare", "acceptedBeforeShare", "copiesAlive"],
  headline: ({ acceptedShare }) => `${percent(acceptedShare)} of replays accepted`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  /** Asks both routes that may say who is signed in. Returns how often it was let in, and how often not. */
  async function replay(cookie: string, visitor: Visitor): Promise<Tally> {
    const tally: Tally = { yes: 0, no: 0 };
    for (let replayed = 0; replayed < replays; replayed++) {
      const ask = routes().counter && replayed % 2 === 0 ? "/api/session" : whoRoute();
      const answer = await send("GET", ask, { headers: { cookie } });
      if (!answer.ok) continue;
      const opens = answer.session() !== null || signedInByApi(answer, visitor);
      tally[opens ? "yes" : "no"] += 1;
    }
    return tally;
  }

  const before: Tally = { yes: 0, no: 0 };
  let replaysAfter = 0;
  await forEachVisitor(visitors, async (visitor) => {
    // Without a sign-in the session itself is ended.
    await (routes().signIn ? signIn(visitor) : visitor.visit());
    const copy = copyCookies(visitor.jar);
    const { yes, no } = await replay(copy, visitor);
    before.yes += yes;
    before.no += no;
    await signOut(visitor);
    // What begins in the same millisecond may as well be before it.
    await pause(5);
    const after = await replay(copy, visitor);
    replaysAfter += after.yes + after.no;
  });
  // A copy that never worked says nothing about its end.
  const violations = before.yes > 0 ? judgeHistory(["copies-end"]).violations : [];
  return {
    acceptedShare: violations.length / Math.max(1, replaysAfter),
    acceptedBeforeShare: share(before),
    copiesAlive: new Set(violations.map(({ witnesses }) => witnesses.at(-1)?.visitor)).size,
  };
});
