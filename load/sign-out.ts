// Does sign-out end a copied cookie on every dyno?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/sign-out.ts
//
// Every visitor signs in (or visits, where there is no sign-in), someone copies the cookies, the visitor signs out
// (or sends DELETE /api/session), and the copy is replayed often enough
// to reach every dyno. A strategy that keeps nothing on a server has nothing to delete, so the copy still works.
//   SIGN_IN   how to sign in, where it is not by next-auth or better-auth; see load/README.md
//   VISITORS  visitors at the same time (8)
//   REPLAYS   how often each copy is sent before and after the sign-out (12)
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
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
  const before: Tally = { yes: 0, no: 0 };
  const after: Tally = { yes: 0, no: 0 };
  let copiesAlive = 0;

  async function replay(cookie: string, visitor: Visitor, tally: Tally): Promise<number> {
    const accepted = tally.yes;
    for (let replayed = 0; replayed < replays; replayed++) {
      const response = await send("GET", whoRoute(), { headers: { cookie } });
      const opens = routes().signIn
        ? signedInByApi(response, visitor)
        : response.session() !== null;
      if (response.ok) tally[opens ? "yes" : "no"] += 1;
    }
    return tally.yes - accepted;
  }

  await forEachVisitor(visitors, async (visitor) => {
    // Without a sign-in the session itself is ended.
    await (routes().signIn ? signIn(visitor) : visitor.visit());
    const copy = copyCookies(visitor.jar);
    const alive = await replay(copy, visitor, before);
    const signedOut = await signOut(visitor);
    // A copy that never worked, or a sign-out that failed, says nothing about revocation.
    if (alive === 0 || !signedOut) return;
    const accepted = await replay(copy, visitor, after);
    if (accepted > 0) copiesAlive += 1;
    observe(accepted === 0);
  });
  return { acceptedShare: share(after), acceptedBeforeShare: share(before), copiesAlive };
});
