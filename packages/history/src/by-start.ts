/**
 * How many items at the beginning of a list are as `isEarly` says, by binary search.
 *
 * @param items in an order in which none is early after one that is not, as by start
 */
export function countEarly<Item>(items: readonly Item[], isEarly: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isEarly(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For each item of a list by start, the one that lasts longest among it and those that started before it. */
export function longestSoFar<Item>(items: readonly Item[], endOf: (item: Item) => number): Item[] {
  const longest: Item[] = [];
  for (const item of items) {
    const before = longest.at(-1);
    longest.push(before && endOf(before) > endOf(item) ? before : item);
  }
  return longest;
}
