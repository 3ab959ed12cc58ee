import type { Traits } from "@repo/registry/traits";
import type { Verdict } from "./verdict.ts";

type Trait = Exclude<keyof Traits, "maxBytes">;

/** What a scenario needs of an app. `short` completes "the app has no …". */
export const routeNeeds = {
  dyno: { short: "header x-dyno", long: "`x-dyno`" },
  counter: {
    short: "visit counter (POST /api/session)",
    long: "`GET` and `POST /api/session` with `visits`",
  },
  note: {
    short: "note in its session (POST /api/session)",
    long: "`GET` and `POST /api/session` with `note`",
  },
  visits: {
    short: "visit counter (POST /api/session) and no sign-in",
    long: "`GET` and `POST /api/session` with `visits`, or a sign-in",
  },
  page: { short: "page (GET /)", long: "`GET /` with a page that names its scripts and styles" },
  sessions: {
    short: "list of a user's sessions (GET /api/sessions)",
    long: "`GET` and `DELETE /api/sessions` and `DELETE /api/sessions/:fingerprint`",
  },
  signIn: { short: "sign-in that the scripts know (SIGN_IN)", long: "a sign-in" },
} as const;

export type RouteNeed = keyof typeof routeNeeds;

interface Row {
  question: string;
  /** What the app must serve. Every verdict also needs to know how many dynos answer. */
  routes: readonly RouteNeed[];
  /** What is asked too, where the app serves it. */
  better?: string;
  /** The traits with which it works. */
  needs: readonly Trait[];
  /** It is about an event. Where sessions are not shared to begin with, no event can be blamed for a loss. */
  event?: true;
  /** It is about the store: an app without one is not asked. */
  store?: true;
  /** It makes requests fail: how many is a figure. */
  disturbs?: true;
  /** Its faults are drawn from a seed. An app without these traits may meet none that breaks it. */
  drawn?: true;
  /** What session affinity does to the verdict of an app whose dynos do not share sessions. */
  affinity: "hides it" | "changes nothing" | "breaks it";
}

/**
 * The scenarios, in the order in which they are shown, and run but for `skew`: one k6 script each, of the same name.
 * load/README.md shows the verdicts that follow for the four apps.
 */
const table = {
  spread: {
    question: "Does every request go to a random dyno?",
    routes: ["dyno"],
    better: "`GET /api/plain`; else `GET /api/session`",
    needs: [],
    // Affinity is the opposite of a random dyno for each request, whatever the app does.
    affinity: "breaks it",
  },
  continuity: {
    question: "Does a visitor's session follow from dyno to dyno?",
    routes: ["counter"],
    needs: ["sharedByDynos"],
    affinity: "hides it",
  },
  "sign-in": {
    question: "Do visitors stay signed in?",
    routes: ["signIn"],
    better: "`GET /`, which shows the name",
    needs: ["sharedByDynos"],
    affinity: "hides it",
  },
  isolation: {
    question: "Does a visitor ever see another visitor's session?",
    routes: ["note"],
    better: "`GET /`, which shows the note",
    // Losing a session never gives it to another visitor.
    needs: [],
    affinity: "changes nothing",
  },
  restart: {
    question: "Do sessions survive a restart of every dyno?",
    routes: ["visits"],
    needs: ["survivesDynoRestart"],
    event: true,
    affinity: "changes nothing",
  },
  scale: {
    question: "Do sessions survive scaling up and down?",
    routes: ["visits"],
    // Added dynos need shared sessions; removed dynos need sessions that outlive them.
    needs: ["sharedByDynos", "survivesDynoRestart"],
    event: true,
    affinity: "changes nothing",
  },
  deploy: {
    question: "Do sessions survive a release, a new secret and a rollback?",
    routes: ["visits"],
    better:
      "`GET /` with a form that keeps a note by a server action; a secret whose name is known",
    needs: ["survivesDynoRestart"],
    event: true,
    affinity: "changes nothing",
  },
  skew: {
    question: "Does a page from before a deploy go on working?",
    routes: ["page"],
    better: "a form that keeps a note by a server action; a router of Next's",
    // A page that is open needs the files of its release, wherever its sessions are.
    needs: [],
    disturbs: true,
    affinity: "changes nothing",
  },
  "sign-out": {
    question: "Does sign-out end a copied cookie on every dyno?",
    routes: ["visits"],
    better: "a sign-in; else `DELETE /api/session`",
    // With affinity all requests of a visitor reach one disk, which can end a session and compare versions.
    needs: ["revocable"],
    affinity: "hides it",
  },
  "end-others": {
    question: "Can one end all other sessions, on every dyno?",
    routes: ["signIn", "sessions"],
    // An app that answers 501 says no itself, and why.
    needs: ["listsSessions"],
    affinity: "changes nothing",
  },
  parallel: {
    question: "Do all parallel writes to one session count?",
    routes: ["counter"],
    needs: ["keepsParallelWrites"],
    affinity: "hides it",
  },
  size: {
    question: "How much data fits into a session, and what happens beyond?",
    routes: ["note"],
    better: "413 with `maxBytes`",
    needs: [],
    affinity: "changes nothing",
  },
  "store-restart": {
    question: "Do sessions survive a restart of the store?",
    routes: ["visits"],
    better: "a sign-in; `GET /readyz`",
    needs: ["survivesStoreRestart"],
    store: true,
    event: true,
    affinity: "changes nothing",
  },
  "slow-store": {
    question: "Is every request answered while the store is slow, or does not answer?",
    routes: ["counter"],
    better: "`GET /api/plain`; `GET /readyz`",
    needs: [],
    store: true,
    disturbs: true,
    affinity: "changes nothing",
  },
  "full-store": {
    question: "Are visitors left, and can others come, when strangers fill the store?",
    routes: ["note"],
    better: "a sign-in",
    // What forgets at a restart keeps all in memory, and that has a limit.
    needs: ["survivesStoreRestart"],
    store: true,
    disturbs: true,
    affinity: "changes nothing",
  },
  faults: {
    question: "Which promises of a session hold under faults?",
    routes: ["visits"],
    better: "a sign-in; the local Heroku, which makes the faults",
    needs: [
      ...(["sharedByDynos", "survivesDynoRestart", "survivesStoreRestart"] as const),
      ...(["revocable", "keepsParallelWrites"] as const),
    ],
    disturbs: true,
    drawn: true,
    affinity: "changes nothing",
  },
  cost: {
    question: "What does a session cost?",
    routes: ["counter"],
    better: "`GET /api/plain`, else `GET /api/session` without a cookie; `server-timing`",
    needs: [],
    affinity: "changes nothing",
  },
} as const satisfies Record<string, Row>;

export type Scenario = keyof typeof table;

export const scenarios: Readonly<Record<Scenario, Row>> = table;
export const scenarioNames = Object.keys(table) as Scenario[];

/**
 * The verdict that follows from an app's traits.
 *
 * @param dynos how many web dynos run when the scenario starts
 */
export function expectedVerdict(
  scenario: Scenario,
  traits: Traits,
  { affinity, dynos }: { affinity: boolean; dynos: number },
): Verdict {
  const row = scenarios[scenario];
  // `scale` changes the number of dynos itself: to four and back.
  if (dynos < 2 && scenario !== "scale") return "not tested";
  if (row.store && traits.survivesStoreRestart === null) return "not tested";
  if (affinity && row.affinity === "breaks it") return "breaks";
  const apart = !traits.sharedByDynos && dynos > 1;
  if (row.event && apart && !affinity) return "not tested";
  if (!traits.sharedByDynos && affinity && row.affinity === "hides it") return "works";
  return row.needs.every((trait) => traits[trait] !== false) ? "works" : "breaks";
}

/** Whether a verdict contradicts nothing that the app's traits say. */
export function isAsExpected(scenario: Scenario, verdict: Verdict, expected: Verdict): boolean {
  if (verdict === expected) return true;
  return scenarios[scenario].drawn === true && expected === "breaks" && verdict === "works";
}
