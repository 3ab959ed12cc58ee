import type { Context, Invariant } from "./invariant.ts";

const MESSAGES = {
  twice: ["moves-once", "The data of one session was moved into two."],
  "across-users": ["own-data", "One user's data was moved to another user."],
  "from-nowhere": [
    "own-data",
    "A new session begins with data, although nothing was moved into it.",
  ],
} as const;

/** 5: data moves from anonymous to signed in once, never from one user to another: found where data is followed. */
export function moved({ moves, findings }: Context): Invariant {
  return {
    done() {
      for (let checked = 0; checked < moves.checked; checked++) findings.check(5);
      for (const { kind, witnesses } of moves.wrong) {
        const [rule, message] = MESSAGES[kind];
        findings.violate(rule, message, witnesses);
      }
    },
  };
}
