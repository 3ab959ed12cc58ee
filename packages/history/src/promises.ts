import type { Traits as DeclaredTraits } from "@repo/registry/traits";

/** What an app declares about its strategy, as far as invariants follow from it. */
export type Traits = Omit<DeclaredTraits, "maxBytes">;

export const INVARIANTS = [
  "An acknowledged increment counts once",
  "Reads of one session never go back",
  "What is acknowledged is seen by every later operation",
  "What was ended stays ended",
  "Data moves from anonymous to signed in once, never from one user to another",
  "Nobody sees another visitor's value or user; page, API and next-auth agree",
  "Expiry is neither early nor late",
  'An outage is a 5xx, never "no session", and the session is there afterwards',
  "Every answer comes in time",
  "A user's list has every session from its sign-in to its end, and no other",
] as const;

export type InvariantNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

interface RuleOf {
  invariant: InvariantNumber;
  /** An app promises it where it has all of these traits. */
  needs: readonly (keyof Traits)[];
}

/** The ways in which each invariant breaks. */
export const RULES = {
  "counted-once": { invariant: 1, needs: ["sharedByDynos", "keepsParallelWrites"] },
  "never-back": { invariant: 2, needs: ["sharedByDynos", "keepsParallelWrites"] },
  seen: { invariant: 3, needs: ["sharedByDynos", "keepsParallelWrites"] },
  /** A session that nobody ended is there. */
  kept: { invariant: 3, needs: ["sharedByDynos"] },
  "stays-ended": { invariant: 4, needs: ["sharedByDynos"] },
  /** Also for those who kept a copy of the cookie. */
  "copies-end": { invariant: 4, needs: ["sharedByDynos", "revocable"] },
  /** Also where another session of its user ended it. */
  "ends-elsewhere": { invariant: 4, needs: ["sharedByDynos", "listsSessions"] },
  /** Of two sign-ins at once, one has to find the anonymous session ended. */
  "moves-once": { invariant: 5, needs: ["sharedByDynos", "revocable"] },
  "own-data": { invariant: 5, needs: [] },
  private: { invariant: 6, needs: [] },
  "surfaces-agree": { invariant: 6, needs: ["sharedByDynos"] },
  "not-early": { invariant: 7, needs: ["sharedByDynos"] },
  "not-late": { invariant: 7, needs: [] },
  "outage-is-5xx": { invariant: 8, needs: ["sharedByDynos"] },
  "after-dyno-loss": { invariant: 8, needs: ["sharedByDynos", "survivesDynoRestart"] },
  "after-store-loss": { invariant: 8, needs: ["sharedByDynos", "survivesStoreRestart"] },
  "in-time": { invariant: 9, needs: [] },
  "is-listed": { invariant: 10, needs: ["sharedByDynos", "listsSessions"] },
  "only-own-listed": { invariant: 10, needs: ["sharedByDynos", "listsSessions"] },
} as const satisfies Record<string, RuleOf>;

export type Rule = keyof typeof RULES;

const all = Object.keys(RULES) as Rule[];

/** Everything: for an app that declares nothing. */
export const everyRule: ReadonlySet<Rule> = new Set(all);

export function rulesOfTraits(traits: Traits): ReadonlySet<Rule> {
  return new Set(all.filter((rule) => RULES[rule].needs.every((trait) => traits[trait] !== false)));
}

export function rulesOfInvariants(numbers: readonly number[]): ReadonlySet<Rule> {
  return new Set(all.filter((rule) => numbers.includes(RULES[rule].invariant)));
}
