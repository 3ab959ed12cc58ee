// Do visitors stay signed in?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/sign-in.ts
//
// Every visitor signs in, then reads the page several times, then the route that says who is signed in. With next-auth
// the two fail differently: a page that finds no session leaves the cookie alone, but next-auth's handler deletes it unless the app prevents that, so one request to the wrong dyno signs the visitor
// out on all of them.
//   SIGN_IN   how to sign in, where it is not by next-auth or better-auth; see load/README.md
//   VISITORS  visitors at the same time (10)
//   VISITS    how often each reads the page and the handler (5)
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { percent } from "./lib/summary.ts";
import { share, type Tally } from "./lib/verdict.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signedInByApi, signedInByPage, signIn, whoRoute } from "./lib/visitors/sign-in.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 5);

const { options, setup, play, handleSummary } = createScenario({
  name: "sign-in",
  figures: ["signedInByPage", "signedInByApi", "signInsRefused"],
  headline({ signedInByPage: page, signedInByApi: api }) {
    return page === undefined
      ? `${percent(api)} API`
      : `${percent(page)} page, ${percent(api)} API`;
  },
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const page: Tally = { yes: 0, no: 0 };
  const api: Tally = { yes: 0, no: 0 };
  let signInsRefused = 0;
  const count = (tally: Tally, signedIn: boolean) => {
    tally[signedIn ? "yes" : "no"] += 1;
    observe(signedIn);
  };
  await forEachVisitor(visitors, async (visitor) => {
    if (!(await signIn(visitor))) signInsRefused += 1;
    for (let visit = 0; routes().page && visit < visits; visit++) {
      const response = await visitor.send("GET", "/");
      if (response.ok) count(page, signedInByPage(response, visitor));
    }
    for (let visit = 0; visit < visits; visit++) {
      const response = await visitor.send("GET", whoRoute());
      if (response.ok) count(api, signedInByApi(response, visitor));
    }
  });
  return {
    ...(routes().page ? { signedInByPage: share(page) } : {}),
    ...{ signedInByApi: share(api), signInsRefused },
  };
});
