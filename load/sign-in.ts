// Does one stay signed in?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/sign-in.ts
//
// Every visitor signs in through next-auth with its CSRF token, then reads the page several times, then
// /api/auth/session. The two fail differently: a page that finds no session leaves the cookie alone, while
// next-auth's handler, unless an app prevents it, deletes the cookie, so that one request to the wrong dyno
// signs the visitor out on all of them.
//   VISITORS  how many visitors, at the same time (10)
//   VISITS    how often each reads the page, and the handler (5)
import { ask } from "./lib/ask.ts";
import { hold } from "./lib/evidence.ts";
import { percent } from "./lib/format.ts";
import { signedInByApi, signedInByPage, signIn } from "./lib/next-auth.ts";
import { number } from "./lib/options.ts";
import { share, type Tally } from "./lib/verdict.ts";
import { each } from "./lib/visitor.ts";

const visits = number("VISITS", 5);

const { options, setup, play, handleSummary } = ask({
  scenario: "sign-in",
  question: "Does one stay signed in?",
  figures: ["signedInByPage", "signedInByApi", "signInsRefused"],
  headline: (share) => `${percent(share.signedInByPage)} page, ${percent(share.signedInByApi)} API`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const page: Tally = { yes: 0, no: 0 };
  const api: Tally = { yes: 0, no: 0 };
  let signInsRefused = 0;
  const count = (tally: Tally, signedIn: boolean) => {
    tally[signedIn ? "yes" : "no"] += 1;
    hold(signedIn);
  };
  await each(visitors, async (visitor) => {
    if (!(await signIn(visitor))) signInsRefused += 1;
    for (let visit = 0; visit < visits; visit++) {
      const answer = await visitor.send("GET", "/");
      if (answer.ok) count(page, signedInByPage(answer, visitor));
    }
    for (let visit = 0; visit < visits; visit++) {
      const answer = await visitor.send("GET", "/api/auth/session");
      if (answer.ok) count(api, signedInByApi(answer, visitor));
    }
  });
  return { signedInByPage: share(page), signedInByApi: share(api), signInsRefused };
});
