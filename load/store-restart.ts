// Do sessions survive a restart of the store?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/store-restart.ts
//   and, when the script says so: restart the store, stop it, start it
//
// Signed-in visitors keep coming while the store restarts, and while it is stopped for some seconds. A 503 is
// honest then; "you have no session" is not, and signed-in visitors must be signed in afterwards.
//   VISITORS        visitors at the same time (10)
//   VISITS          how often each comes before, and after each event (4)
//   OUTAGE_SECONDS  how long the store stays stopped (3)
//   MIN_DYNOS       1 for an app that has one dyno on purpose (2)
//   EVENTS          an address that triggers events; see load/README.md
//   EVENT_SECONDS   without EVENTS: how long you have for each step (60)
import { createScenario } from "./lib/create-scenario.ts";
import {
  keptFigures,
  keptHeadline,
  pause,
  trigger,
  visitAfter,
  visitBefore,
  whileVisiting,
} from "./lib/events/events.ts";
import { observe } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { copyCookies, send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import { signedInByApi, signIn, whoRoute } from "./lib/visitors/sign-in.ts";
import type { Visitor } from "./lib/visitors/types.ts";
import { forEachVisitor } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 4);
const outageSeconds = numberOption("OUTAGE_SECONDS", 3);

const { options, setup, play, handleSummary } = createScenario({
  name: "store-restart",
  figures: [...keptFigures, "answers503", "otherErrors", "secondsUntilReady", "signedOut"],
  headline: ({ signedOut, ...kept }) =>
    keptHeadline(kept) + (signedOut === undefined ? "" : `, ${signedOut} signed out`),
});

export { handleSummary, options, setup };

/** Answers in a row after which every one of a few dynos has answered. */
const READY_IN_A_ROW = 20;
const READY_WITHIN_SECONDS = 60;

/** How long it takes until every dyno reaches its store again. An app whose dynos never do is broken. */
async function secondsUntilReady(visitor: Visitor | undefined): Promise<number> {
  // Without a /readyz a read of a session says whether the store answers.
  const cookie = visitor ? copyCookies(visitor.jar) : "";
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  let readySince: number | undefined;
  let inARow = 0;
  while (inARow < READY_IN_A_ROW && seconds() < READY_WITHIN_SECONDS) {
    const at = seconds();
    const { status } = await (routes().readyz
      ? send("GET", "/readyz", { accept: [503] })
      : send("GET", whoRoute(), { accept: "any", headers: { cookie } }));
    inARow = status > 0 && status < 400 ? inARow + 1 : 0;
    if (inARow === 0) await pause(50);
    if (inARow === 1) readySince = at;
  }
  observe(inARow >= READY_IN_A_ROW);
  return Math.round((readySince ?? seconds()) * 100) / 100;
}

/** As a browser does: the page's script asks who is signed in, then the visitor visits. */
async function browse(visitor: Visitor): Promise<void> {
  if (routes().signIn) await visitor.send("GET", whoRoute());
  await visitor.visit();
}

export default play(async (visitors) => {
  const withSignIn = routes().signIn !== null;
  if (withSignIn && routes().counter)
    await forEachVisitor(visitors, async (visitor) => void (await signIn(visitor)));
  const kept = await visitBefore(visitors, visits);
  let slowest = 0;
  async function backAgain(event: "store-restart" | "store-start"): Promise<void> {
    await trigger(event);
    slowest = Math.max(slowest, await secondsUntilReady(visitors[0]));
  }
  async function outage(): Promise<void> {
    await trigger("store-stop");
    await pause(outageSeconds * 1000);
    await backAgain("store-start");
  }
  await whileVisiting(visitors, () => backAgain("store-restart"), browse);
  await visitAfter(visitors, visits);
  await whileVisiting(visitors, outage, browse);
  await visitAfter(visitors, visits);
  let signedOut = 0;
  await forEachVisitor(withSignIn ? visitors : [], async (visitor) => {
    const stays = signedInByApi(await visitor.send("GET", whoRoute()), visitor);
    observe(stays);
    if (!stays) signedOut += 1;
  });
  const errors = visitors.flatMap((visitor) => visitor.errors);
  return {
    ...kept(),
    answers503: errors.filter((status) => status === 503).length,
    otherErrors: errors.filter((status) => status !== 503).length,
    secondsUntilReady: slowest,
    ...(withSignIn ? { signedOut } : {}),
  };
});
