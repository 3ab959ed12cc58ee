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
  // for each fault, the one that lasts longest among it and those that started before it
  const longest: Operation[] = [];
  for (const fault of relevant) {
    const before = longest.at(-1);
    longest.push(before && endOf(before) > endOf(fault) ? before : fault);
  }

  return (from, to) => {
    let low = 0;
    let high = relevant.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((relevant[middle] as Operation).start <= to + clockErrorMs) low = middle + 1;
      else high = middle;
    }
    const fault = longest[low - 1];
    return fault && endOf(fault) + clockErrorMs >= from ? fault : undefined;
  };
}
