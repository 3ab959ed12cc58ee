/**
 * How often chance alone would be so far from what is expected, either way. A random router is accused
 * once in ten million runs.
 */
export const falseAlarm = 1e-7;

/** Σ (seen − expected)² / expected, where every dyno is expected to have the same share. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** The probability of a chi-square this large or larger: Wilson and Hilferty's approximation. */
export function chiSquareTail(value: number, degrees: number): number {
  if (degrees < 1) return 1;
  const spread = 2 / (9 * degrees);
  return normalTail(((value / degrees) ** (1 / 3) - (1 - spread)) / Math.sqrt(spread));
}

/** The probability of at most `seen` of `trials` that succeed with `chance` each: exact. */
export function binomialAtMost(seen: number, trials: number, chance: number): number {
  let logTerm = trials * Math.log(1 - chance);
  let sum = 0;
  for (let successes = 0; successes <= seen; successes++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((trials - successes) / (successes + 1)) + Math.log(chance / (1 - chance));
  }
  return Math.min(1, sum);
}

export function binomialAtLeast(seen: number, trials: number, chance: number): number {
  return binomialAtMost(trials - seen, trials, 1 - chance);
}

/** The probability of a standard normal value above `z`: Abramowitz and Stegun 26.2.17. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
