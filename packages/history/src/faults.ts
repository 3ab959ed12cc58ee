import { countEarly, longestSoFar } from "./by-start.ts";
import type { FaultKind, Operation } from "./operation.ts";

/** What takes a store's memory. */
export const STORE_LOSS: readonly FaultKind[] = ["store-restart", "store-full"];

/** The fault of some kinds that lasted longest among those that happened between two moments. */
export type FindFault = (from: number, to: number) => Operation | undefined;

/**
 * @param faults by start
 * @param kinds which of them are of interest
 */
export function faultFinder(
  faults: readonly Operation[],
  kinds: readonly FaultKind[],
  clockErrorMs: number,
): FindFault {
  const relevant = faults.filter(({ fault }) => fault !== undefined && kinds.includes(fault));
  const endOf = ({ end }: Operation) => end ?? Number.POSITIVE_INFINITY;
  const longest = longestSoFar(relevant, endOf);

  return (from, to) => {
    const fault = longest[countEarly(relevant, ({ start }) => start <= to + clockErrorMs) - 1];
    return fault && endOf(fault) + clockErrorMs >= from ? fault : undefined;
  };
}
