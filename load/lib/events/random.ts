/** Numbers from 0 to 1 that follow from a seed, so that a run can be repeated (mulberry32, public domain). */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    /** A whole number from `low` to `high`. */
    between: (low: number, high: number) => low + Math.floor(next() * (high - low + 1)),
    /** One of them, each as likely as its weight. */
    pick<Thing>(weights: readonly (readonly [Thing, number])[]): Thing {
      let left = next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [thing, weight] of weights) {
        left -= weight;
        if (left < 0) return thing;
      }
      return (weights.at(-1) as readonly [Thing, number])[0];
    },
  };
}

export type Random = ReturnType<typeof createRandom>;
