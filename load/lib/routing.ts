/** Which visitor's request reached which dyno, in the order in which they were sent. */
export type Routed = readonly { visitor: number; dyno: string }[];

export const routings = ["random", "round robin", "sticky", "uneven", "one dyno"] as const;

/**
 * How a router chooses, by three figures that a random router keeps near a known value. With d dynos, one in d requests
 * reaches the same dyno as the request before it; the same holds among one visitor's requests; and every dyno gets 1/d.
 */
export function routingOf(routed: Routed) {
  const counts = countBy(routed.map(({ dyno }) => dyno));
  const dynos = counts.size;
  // The share that chance gives with these counts, so that an uneven router does not look sticky.
  const chance = sum([...counts.values()].map((count) => (count / routed.length) ** 2));
  const all = neighbors(routed.map(({ dyno }) => dyno));
  const own = ownNeighbors(routed);
  const chi = chiSquare([...counts.values()]);
  let routing: (typeof routings)[number] = "random";
  if (chiSquareTail(chi, dynos - 1) < FALSE_ALARM) routing = "uneven";
  if (binomialAtLeast(own.equal, own.pairs, chance) < FALSE_ALARM) routing = "sticky";
  if (binomialAtMost(all.equal, all.pairs, chance) < FALSE_ALARM) routing = "round robin";
  if (dynos < 2) routing = "one dyno";
  return {
    routing,
    /** In the order of the dynos' names. */
    counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count),
    chiSquare: chi,
    equalNeighbours: all.equal / Math.max(1, all.pairs),
    equalOwnNeighbours: own.equal / Math.max(1, own.pairs),
  };
}

/** How many requests it takes to tell round robin from random: more dynos take more. */
export function requestsNeeded(dynos: number): number {
  return 40 * Math.max(4, dynos);
}

function neighbors(dynos: readonly string[]) {
  const equal = dynos.filter((dyno, at) => at > 0 && dyno === dynos[at - 1]).length;
  return { equal, pairs: Math.max(0, dynos.length - 1) };
}

/** The pairs of neighbors among each visitor's requests. */
function ownNeighbors(routed: Routed) {
  const before = new Map<number, string>();
  let equal = 0;
  for (const { visitor, dyno } of routed) {
    if (before.get(visitor) === dyno) equal += 1;
    before.set(visitor, dyno);
  }
  return { equal, pairs: routed.length - before.size };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The probability at which a result no longer counts as chance: a random router is accused once in ten million runs. */
export const FALSE_ALARM = 1e-7;

/** Σ (seen − expected)² / expected, with an equal share expected for every dyno. */
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

/** The exact probability that at most `seen` of `trials` succeed, each with the probability `chance`. */
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
