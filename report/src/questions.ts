import { type Scenario, scenarioNames, scenarios } from "@repo/load/scenarios";

/** The text about one scenario. */
export interface Question {
  /** The script in `load/`, without `.ts`. */
  scenario: string;
  question: string;
  /** A few words, for the first column of a table. */
  label: string;
  /** What the script does. */
  how: string;
  /** What each verdict means. */
  works: string;
  breaks: string;
}

const texts: Record<Scenario, Omit<Question, "scenario" | "question">> = {
  spread: {
    label: "Random routing",
    how: "Visitors chosen at random send one request at a time; the dyno that answers each is counted.",
    works: "Every dyno answered about as often as chance predicts, in no order.",
    breaks:
      "The router kept visitors on a dyno or used the dynos in turn, which hides session loss.",
  },
  continuity: {
    label: "Across dynos",
    how: "Visitors come back again and again; each visit must raise their counter by exactly one.",
    works: "Every visit found the session of the visit before, whichever dyno answered.",
    breaks: "Some visits reached a dyno that did not have the session.",
  },
  "sign-in": {
    label: "Staying signed in",
    how: "Visitors sign in through next-auth, then read the page and the session endpoint many times.",
    works: "Every visitor was signed in at every read.",
    breaks: "Signing in failed, or later reads found nobody signed in.",
  },
  isolation: {
    label: "Isolation",
    how: "Every visitor keeps a secret in the session, and all of them read at the same time.",
    works: "No response had another visitor's secret.",
    breaks: "A visitor saw another visitor's data. No strategy may do this.",
  },
  restart: {
    label: "Dyno restart",
    how: "Visits continue while every dyno restarts; sessions from before must be there afterwards.",
    works: "The sessions from before the restart were still there after it.",
    breaks: "Sessions from before the restart were gone after it.",
  },
  scale: {
    label: "Scaling",
    how: "Visits continue while the app is scaled to one dyno, then to four, then to two.",
    works: "Sessions survived both the added and the removed dynos.",
    breaks: "Sessions were lost as dynos were added or removed.",
  },
  deploy: {
    label: "Deploy and rotation",
    how: "During visits: a release, a new secret in two steps, then a rollback. A page opened before is submitted after each step.",
    works: "Sessions and open pages survived all of it.",
    breaks: "Sessions were lost, or an open page could no longer be submitted.",
  },
  skew: {
    label: "Page from before a deploy",
    how: "Pages stay open while a release with changed code takes over, and ask for all scripts and styles that they name, a navigation and their form: once while all dynos are replaced at once, and once with preboot.",
    works: "All its requests were answered correctly, during each deploy and after it.",
    breaks: "The new release no longer knew something that an old page asked for.",
  },
  "sign-out": {
    label: "Final sign-out",
    how: "A cookie is copied, its owner signs out, and the copy is sent to every dyno.",
    works: "No dyno accepted the copy.",
    breaks: "The copy still opened the session.",
  },
  "end-others": {
    label: "Ending other sessions",
    how: "A user signs in with many browsers, lists the sessions, ends one and then all others while more sign in. A checker decides from all recorded operations.",
    works:
      "Every sign-in was listed until it ended, nothing that was ended answered on any dyno, and later sign-ins lived.",
    breaks: "Sessions cannot be listed, or the list or the end of a session was wrong.",
  },
  parallel: {
    label: "Parallel writes",
    how: "A visitor sends several writes at once; the counter must rise by all of them.",
    works: "Every write counted.",
    breaks: "Writes overwrote each other.",
  },
  size: {
    label: "Size",
    how: "Notes of different lengths are written and read back, up to the limit and one byte beyond.",
    works:
      "The limit is as declared, and a longer note gets a clear error without losing the session.",
    breaks: "The limit is lower than declared, or a longer note lost the session.",
  },
  "store-restart": {
    label: "Store restart",
    how: "During visits the store is restarted, then stopped for some seconds and started again.",
    works: "Sessions were back as soon as the store was, and no visitor was signed out.",
    breaks: "Sessions were gone after the store came back.",
  },
  "slow-store": {
    label: "Slow store",
    how: "During visits the store answers 200 ms later, then not at all for 10 s. Others ask for a route without a session.",
    works:
      "Every request was answered within 4 s, a route without a session did not suffer, and all was well again.",
    breaks: "Some requests waited for longer than 4 s, or sessions did not come back.",
  },
  "full-store": {
    label: "Full store",
    how: "Strangers write 40 MB of sessions, more than a small cache holds. Then signed-in visitors come back, and a new one signs in.",
    works: "Every visitor was still signed in, and the new one could sign in.",
    breaks: "Visitors were signed out, or no one new could sign in.",
  },
  faults: {
    label: "Under faults",
    how: "Visitors with several tabs read, write, sign in and out while dynos and the store are killed, frozen, restarted, slowed down and cut off. A checker decides from all recorded operations.",
    works: "No operation contradicts any invariant.",
    breaks: "Some operations contradict an invariant; the witnesses are below.",
  },
  cost: {
    label: "Cost",
    how: "The same request without a session, with a read and with a write, at the same time on the same machine.",
    works: "It was measured. Milliseconds depend on this machine; ratios carry over to others.",
    breaks: "Requests failed under this load.",
  },
};

/** In the order in which they are run and shown. */
export const questions: Question[] = scenarioNames.map(questionOf);

/** The text about a scenario. One that is not known here speaks by its name alone. */
export function questionOf(scenario: string): Question {
  const isKnown = (name: string): name is Scenario => Object.hasOwn(texts, name);
  if (isKnown(scenario))
    return { scenario, question: scenarios[scenario].question, ...texts[scenario] };
  return { scenario, question: scenario, label: scenario, how: "", works: "", breaks: "" };
}
