// Is a copied cookie dead after sign-out, on every dyno?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/sign-out.ts
//
// Every visitor signs in, somebody copies the cookies, the visitor signs out, and the copy is replayed, so
// often that every dyno has had copies. A strategy that keeps nothing on a server has nothing to delete: the
// copy lives on.
//   VISITORS  how many visitors, at the same time (8)
//   REPLAYS   how often each copy is sent before, and again after the sign-out (12)
import { ask } from "./lib/ask.ts";
import { copyCookies } from "./lib/cookies.ts";
import { hold } from "./lib/evidence.ts";
import { percent } from "./lib/format.ts";
import { send } from "./lib/http.ts";
import { signIn, signOut } from "./lib/next-auth.ts";
import { number } from "./lib/options.ts";
import { share, type Tally } from "./lib/verdict.ts";
import { each } from "./lib/visitor.ts";

const replays = number("REPLAYS", 12);

const { options, setup, play, handleSummary } = ask({
  scenario: "sign-out",
  question: "Is a copied cookie dead after sign-out, on every dyno?",
  visitors: 8,
  figures: ["acceptedShare", "acceptedBeforeShare", "copiesAlive"],
  headline: ({ acceptedShare }) => `${percent(acceptedShare)} of replays accepted`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const earlier: Tally = { yes: 0, no: 0 };
  const later: Tally = { yes: 0, no: 0 };
  let copiesAlive = 0;

  async function replay(cookie: string, name: string, tally: Tally): Promise<number> {
    const accepted = tally.yes;
    for (let replayed = 0; replayed < replays; replayed++) {
      const answer = await send("GET", "/api/session", { headers: { cookie } });
      if (answer.ok) tally[answer.session()?.user?.name === name ? "yes" : "no"] += 1;
    }
    return tally.yes - accepted;
  }

  await each(visitors, async (visitor) => {
    const { name } = visitor;
    await signIn(visitor);
    const copy = copyCookies(visitor.jar);
    const alive = await replay(copy, name, earlier);
    const signedOut = await signOut(visitor);
    // a copy that never lived, or a sign-out that failed, says nothing about revocation
    if (alive === 0 || !signedOut) return;
    const accepted = await replay(copy, name, later);
    if (accepted > 0) copiesAlive += 1;
    hold(accepted === 0);
  });
  return { acceptedShare: share(later), acceptedBeforeShare: share(earlier), copiesAlive };
});
