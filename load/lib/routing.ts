import {
  binomialAtLeast,
  binomialAtMost,
  chiSquare,
  chiSquareTail,
  falseAlarm,
} from "./statistics.ts";

/** Which visitor's request went to which dyno, in the order in which they were sent. */
export type Routed = readonly { visitor: number; dyno: string }[];

export const routings = ["random", "round robin", "sticking", "uneven", "one dyno"] as const;

/**
 * What a router does, of three figures that chance keeps near a known value: with d dynos one in d requests
 * goes to the dyno of the request before it; so does one in d of a visitor's own; and every dyno gets 1/d.
 */
export function routingOf(routed: Routed) {
  const counts = countBy(routed.map(({ dyno }) => dyno));
  const dynos = counts.size;
  // what chance gives with these very counts, so that an uneven router is not taken for a sticking one
  const chance = sum([...counts.values()].map((count) => (count / routed.length) ** 2));
  const all = neighbours(routed.map(({ dyno }) => dyno));
  const own = ownNeighbours(routed);
  const chi = chiSquare([...counts.values()]);
  let routing: (typeof routings)[number] = "random";
  if (chiSquareTail(chi, dynos - 1) < falseAlarm) routing = "uneven";
  if (binomialAtLeast(own.equal, own.pairs, chance) < falseAlarm) routing = "sticking";
  if (binomialAtMost(all.equal, all.pairs, chance) < falseAlarm) routing = "round robin";
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

/** Requests that tell round robin from random: with more dynos it takes more of them. */
export function requestsNeeded(dynos: number): number {
  return 40 * Math.max(4, dynos);
}

function neighbours(dynos: readonly string[]) {
  const equal = dynos.filter((dyno, at) => at > 0 && dyno === dynos[at - 1]).length;
  return { equal, pairs: Math.max(0, dynos.length - 1) };
}

/** The neighbours among each visitor's own requests. */
function ownNeighbours(routed: Routed) {
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
