/** A source of random numbers that a seed decides: the same seed, the same cookies. */
export interface Random {
  /** A whole number from 0 up to, and without, `below`. */
  int(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with that probability, 0 to 1. */
  chance(probability: number): boolean;
  text(length: number, alphabet: string): string;
}

/** From the environment, or another one each time. */
export function hostileSeed(): number {
  return Number(process.env.HOSTILE_SEED) || Date.now() % 2 ** 31;
}

/** mulberry32 (Tommy Ettinger, 2017): 32 bits of state are plenty to choose test data by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    pick: (list) => list[int(list.length)] as never,
    chance: (probability) => next() < probability,
    text: (length, alphabet) =>
      Array.from({ length }, () => alphabet[int(alphabet.length)]).join(""),
  };
}
