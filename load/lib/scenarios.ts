import type { Traits } from "@repo/registry/traits";
import type { Scenario, Verdict } from "./result.ts";

type Trait = Exclude<keyof Traits, "maxBytes">;

interface Row {
  /** It works where the app has these traits. */
  needs: Trait[];
  /** It asks about a change, which cannot be seen where sessions are not shared to begin with. */
  event?: true;
  /** What session affinity does to the answer of an app whose dynos share nothing. */
  affinity: "hides it" | "changes nothing" | "breaks it";
}

/** What is expected of each scenario. load/README.md shows what follows for the four apps. */
export const table: Record<Scenario, Row> = {
  // affinity is the opposite of a random dyno for each request, whatever the app
  spread: { needs: [], affinity: "breaks it" },
  continuity: { needs: ["sharedByDynos"], affinity: "hides it" },
  "sign-in": { needs: ["sharedByDynos"], affinity: "hides it" },
  // a session that is lost is nobody else's
  isolation: { needs: [], affinity: "changes nothing" },
  restart: { needs: ["survivesDynoRestart"], event: true, affinity: "changes nothing" },
  // more dynos ask for sharing, fewer for surviving the dyno that is gone
  scale: {
    needs: ["sharedByDynos", "survivesDynoRestart"],
    event: true,
    affinity: "changes nothing",
  },
  deploy: { needs: ["survivesDynoRestart"], event: true, affinity: "changes nothing" },
  // every request of a visitor reaches the one disk, where a session can be ended and compared
  "sign-out": { needs: ["revocable"], affinity: "hides it" },
  parallel: { needs: ["keepsParallelWrites"], affinity: "hides it" },
  // what fits is asked of whichever dyno has it
  size: { needs: [], affinity: "changes nothing" },
  "store-restart": { needs: ["survivesStoreRestart"], event: true, affinity: "changes nothing" },
  // figures only
  cost: { needs: [], affinity: "changes nothing" },
};

/** The verdict that follows from an app's traits. */
export function expected(
  scenario: Scenario,
  traits: Traits,
  { affinity, dynos }: { affinity: boolean; dynos: number },
): Verdict {
  const row = table[scenario];
  // scale brings its own dynos: it goes to four and back
  if (dynos < 2 && scenario !== "scale") return "not tested";
  if (row.needs.some((trait) => traits[trait] === null)) return "not tested";
  if (affinity && row.affinity === "breaks it") return "breaks";
  const apart = !traits.sharedByDynos && dynos > 1;
  if (row.event && apart && !affinity) return "not tested";
  if (!traits.sharedByDynos && affinity && row.affinity === "hides it") return "works";
  return row.needs.every((trait) => traits[trait]) ? "works" : "breaks";
}
