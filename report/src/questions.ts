/** What a reader is told about each scenario. The scripts of the same names in `load/` do the asking. */
export interface Question {
  /** The script in `load/`, without `.ts`. */
  scenario: string;
  /** A few words, for the first column of a table. */
  label: string;
  question: string;
  /** What happens in the script, and what each verdict means. */
  how: string;
  works: string;
  breaks: string;
}

/** In the order in which they are asked and shown. */
export const questions: Question[] = [
  {
    scenario: "spread",
    label: "Random routing",
    question: "Does every request go to a random dyno?",
    how: "Visitors take turns, one request at a time; the dyno that answered each is counted.",
    works: "Every dyno answered about as often as chance would have it, in no order.",
    breaks: "Requests stuck to a dyno or took turns, which hides what the other questions ask.",
  },
  {
    scenario: "continuity",
    label: "From dyno to dyno",
    question: "Does a visitor's session follow from dyno to dyno?",
    how: "Visitors come back again and again; each visit has to raise their counter by exactly one.",
    works: "Every visit found the session of the visit before, whichever dyno answered.",
    breaks: "Visits met a dyno that did not know the visitor: the session was lost.",
  },
  {
    scenario: "sign-in",
    label: "Staying signed in",
    question: "Does one stay signed in?",
    how: "Visitors sign in through next-auth, then read the page and the session endpoint many times.",
    works: "Everyone was still signed in at every read.",
    breaks: "Signing in failed, or later reads did not know who was there.",
  },
  {
    scenario: "isolation",
    label: "Nobody else's",
    question: "Does anyone ever see somebody else's session?",
    how: "Every visitor keeps a secret in the session, and all of them read at the same time.",
    works: "Nobody was ever answered with another visitor's secret.",
    breaks: "A visitor saw what belongs to another. No strategy may do this.",
  },
  {
    scenario: "restart",
    label: "Restart of dynos",
    question: "Do sessions survive a restart of every dyno?",
    how: "Visits go on while every dyno is restarted; what held before has to hold after.",
    works: "The sessions from before the restart were still there after it.",
    breaks: "Sessions from before the restart were gone after it.",
  },
  {
    scenario: "scale",
    label: "Scaling",
    question: "Do sessions survive when dynos come and go?",
    how: "Visits go on while the app is scaled to one dyno, then to four, then to two.",
    works: "The sessions outlived both the added and the removed dynos.",
    breaks: "Sessions were lost as dynos came or went.",
  },
  {
    scenario: "deploy",
    label: "Deploy and rotation",
    question: "Do sessions survive a new release, a new secret and a rollback?",
    how: "Under visits: a new release, a new secret in two steps, then a rollback; a page opened before is submitted after.",
    works: "Sessions and open pages outlived all of it.",
    breaks: "Sessions were lost, or an open page could not be submitted any more.",
  },
  {
    scenario: "sign-out",
    label: "Final sign-out",
    question: "Is a copied cookie dead after sign-out, on every dyno?",
    how: "A cookie is copied, its owner signs out, and the copy is tried on every dyno.",
    works: "No dyno accepted the copy.",
    breaks: "The copy still opened the session somewhere.",
  },
  {
    scenario: "parallel",
    label: "Parallel writes",
    question: "Do parallel writes to one session all count?",
    how: "One visitor sends several writes at once; the counter has to rise by all of them.",
    works: "Every write counted.",
    breaks: "Writes overwrote each other.",
  },
  {
    scenario: "size",
    label: "Size",
    question: "How much can a session hold, and what happens beyond?",
    how: "Notes of growing size are kept in the session and read back, up to the declared limit and past it.",
    works:
      "It holds what it declares, and answers more with a clear error instead of losing anything.",
    breaks: "It holds less than it declares, or loses the session beyond.",
  },
  {
    scenario: "store-restart",
    label: "Restart of the store",
    question: "Do sessions survive a restart of the store?",
    how: "Under visits the store is restarted, then stopped for some seconds and started again.",
    works:
      "Sessions were there again as soon as the store was, and nobody was signed out meanwhile.",
    breaks: "Sessions were gone after the store came back.",
  },
  {
    scenario: "cost",
    label: "Cost",
    question: "What does a session cost?",
    how: "The same request with and without a session, at the same moment on the same machine.",
    works: "It was measured; the figures speak of this machine alone, their ratios of more.",
    breaks: "Requests failed under this load.",
  },
];

export function questionOf(scenario: string): Question {
  const known = questions.find((question) => question.scenario === scenario);
  const unknown = { scenario, label: scenario, question: scenario, how: "", works: "", breaks: "" };
  return known ?? unknown;
}
