// Do sessions survive a restart of the store?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/store-restart.ts
//   and, when the script says so, what it says: restart the store, stop it, start it
//
// Signed-in visitors come while the store is restarted, and while it is stopped for some seconds. An answer
// of 503 is honest then; "you have no session" is not, and who was signed in has to be so afterwards.
//   VISITORS        how many visitors, at the same time (10)
//   VISITS          how often each comes before, and after each event (4)
//   OUTAGE_SECONDS  how long the store stays stopped (3)
//   MIN_DYNOS       1 for an app that has one dyno on purpose (2)
//   EVENTS          an address that triggers events; see load/README.md
//   EVENT_SECONDS   without EVENTS: how long you have for each step (60)
import { ask } from "./lib/ask.ts";
import { after, before, keptFigures, keptHeadline } from "./lib/change.ts";
import { trigger } from "./lib/events.ts";
import { hold } from "./lib/evidence.ts";
import { secondsUntilReady } from "./lib/health.ts";
import { meanwhile, pause } from "./lib/meanwhile.ts";
import { signedInByApi, signIn } from "./lib/next-auth.ts";
import { number } from "./lib/options.ts";
import { each, type Visitor } from "./lib/visitor.ts";

const visits = number("VISITS", 4);
const outageSeconds = number("OUTAGE_SECONDS", 3);

const { options, setup, play, handleSummary } = ask({
  scenario: "store-restart",
  question: "Do sessions survive a restart of the store?",
  event: true,
  figures: [...keptFigures, "answers503", "otherErrors", "secondsUntilReady", "signedOut"],
  headline: ({ signedOut, ...kept }) =>
    keptHeadline(kept) + (signedOut === undefined ? "" : `, ${signedOut} signed out`),
});

export { handleSummary, options, setup };

/** As a browser does it: the page's script asks who is signed in, and then comes the visit. */
async function browse(visitor: Visitor): Promise<void> {
  await visitor.send("GET", "/api/auth/session");
  await visitor.visit();
}

export default play(async (visitors) => {
  await each(visitors, async (visitor) => void (await signIn(visitor)));
  const kept = await before(visitors, visits);
  let slowest = 0;
  async function backAgain(event: "store-restart" | "store-start"): Promise<void> {
    await trigger(event);
    slowest = Math.max(slowest, await secondsUntilReady());
  }
  async function outage(): Promise<void> {
    await trigger("store-stop");
    await pause(outageSeconds * 1000);
    await backAgain("store-start");
  }
  await meanwhile(visitors, () => backAgain("store-restart"), browse);
  await after(visitors, visits);
  await meanwhile(visitors, outage, browse);
  await after(visitors, visits);
  let signedOut = 0;
  await each(visitors, async (visitor) => {
    const stays = signedInByApi(await visitor.send("GET", "/api/auth/session"), visitor);
    hold(stays);
    if (!stays) signedOut += 1;
  });
  const errors = visitors.flatMap((visitor) => visitor.errors);
  return {
    ...kept(),
    answers503: errors.filter((status) => status === 503).length,
    otherErrors: errors.filter((status) => status !== 503).length,
    secondsUntilReady: slowest,
    signedOut,
  };
});
