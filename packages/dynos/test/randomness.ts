/**
 * Whether a series of choices looks random. A fair router fails either check less than once in a million runs: z = 5.2
 * is passed by chance about once in five million times, on both sides together.
 */
const Z_LIMIT = 5.2;

export type Spread = {
  counts: number[];
  chiSquare: number;
  /** Of every choice, whether it is the same as the one before. */
  equalNeighbours: number;
  /** Each name is chosen as often as the other. A round robin passes this. */
  uniform: boolean;
  /** No choice depends on the one before. A round robin fails this, and so does a router that sticks. */
  independent: boolean;
};

export function spreadOf(choices: readonly string[], names: readonly string[]): Spread {
  const counts = names.map((name) => choices.filter((choice) => choice === name).length);
  const expected = choices.length / names.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const pairs = choices.length - 1;
  const equal = choices.filter((choice, i) => i > 0 && choice === choices[i - 1]).length;
  const chance = 1 / names.length;
  const z = (equal - pairs * chance) / Math.sqrt(pairs * chance * (1 - chance));
  return {
    counts,
    chiSquare,
    equalNeighbours: equal / pairs,
    uniform: chiSquare < chiSquareLimit(names.length - 1),
    independent: Math.abs(z) < Z_LIMIT,
  };
}

/** By Wilson and Hilferty's approximation, which errs towards too high a limit here. */
function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + Z_LIMIT * Math.sqrt(spread)) ** 3;
}
