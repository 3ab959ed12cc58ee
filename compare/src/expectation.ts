import { expected, table } from "@repo/load/lib/expectations.ts";
import type { Verdict } from "@repo/report/results";
import type { Column } from "./columns.ts";

/** What a column's traits promise for a scenario; null where they say nothing. */
export function expectation(column: Column, scenario: string, dynos: number): Verdict | null {
  const { traits, affinity, local } = column;
  if (!traits || !isAsked(scenario)) return null;
  // A deployed app has as many dynos as its owner gave it: more than one, or it cannot tell anything.
  return expected(scenario, traits, { affinity, dynos: local ? dynos : 2 });
}

const isAsked = (scenario: string): scenario is keyof typeof table => scenario in table;

/** Scripts that make something happen to the app. */
const withEvents = ["restart", "scale", "deploy", "store-restart"];

/** Reasons that are known before anything is asked. */
export function whyNotAsked({ traits, local }: Column, scenario: string): string | undefined {
  if (scenario === "store-restart" && traits?.survivesStoreRestart === null) {
    return "there is no store to restart";
  }
  if (!local && withEvents.includes(scenario)) {
    return "nothing can be made to happen to a deployed app from here: run the script by hand";
  }
}
