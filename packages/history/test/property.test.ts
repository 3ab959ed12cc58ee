import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHistory } from "../src/check.ts";
import { FAULT_KINDS, OPERATION_KINDS, type Operation, outcomeOf } from "../src/operation.ts";
import { describeReport } from "../src/print.ts";
import { INVARIANTS } from "../src/promises.ts";
import type { Violation } from "../src/report.ts";
import { type Bug, type Move, simulate } from "./simulate.ts";

const RUNS = 300;
/** Of these the moves seldom give a chance. */
const RARE: Bug[] = [2, 7, 8, 10];

const move = fc.record<Move>({
  visitor: fc.integer({ min: 1, max: 3 }),
  tab: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom(
    "read",
    "read",
    "read",
    "visit",
    "visit",
    "note",
    "page",
    "auth-read",
    "sign-in",
    "sign-in-as-other",
    "sign-out",
    "regenerate",
    "list",
    "list",
    "end",
    "end-others",
  ),
  wait: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 18_000, max: 30_000 }) },
  ),
  there: fc.integer({ min: 0, max: 40 }),
  back: fc.integer({ min: 0, max: 40 }),
  fate: fc.oneof(
    { weight: 10, arbitrary: fc.constant("answered" as const) },
    { weight: 1, arbitrary: fc.constant("unsure" as const) },
    { weight: 1, arbitrary: fc.constant("undone" as const) },
  ),
});
/** What the recorder does not know: which session the cookie was of, and, of a sign-in, which it made. */
const blur = fc.constantFrom("brought", "received", ...Array<undefined>(6));
const moves = (minLength: number) => fc.array(move, { minLength, maxLength: 120, size: "max" });

function violationsOf(operations: Parameters<typeof checkHistory>[0]): Violation[] {
  const { invariants } = checkHistory(operations, { examples: 100 });
  return invariants.flatMap(({ examples }) => examples);
}

interface Planted {
  planted: Operation;
  unlisted: string | undefined;
}

/** Two dynos have shown one session: where none is shared, another dyno misses it without any outage. */
function areShared(operations: readonly Operation[]): boolean {
  const dynos = new Map<string | null, string | null>();
  return operations.some(({ received, dyno }) => {
    if (received === null) return false;
    const before = dynos.get(received) ?? dyno;
    dynos.set(received, before);
    return before !== dyno;
  });
}

/**
 * An outage that ends a session is told from an end of the session only where nothing else may have ended it; the same for
 * one that is not listed.
 */
function isDecidable(operations: readonly Operation[], simulated: Planted, bug: Bug): boolean {
  if (bug !== 8 && bug !== 10) return true;
  const { planted, unlisted } = simulated;
  const session = bug === 10 ? unlisted : planted.brought;
  const until = planted.end ?? 0;
  const seen = operations.filter(
    ({ received, end }) => received === session && (end ?? 0) < planted.start,
  );
  const userOf = (id: string | null | undefined) =>
    operations.find(({ received, user }) => received === id && user !== null)?.user;
  const born = Math.min(...seen.map(({ start }) => start));
  const ended = operations.some((one) => {
    if (one.start > until) return false;
    if (one.op === "end-others" && userOf(one.brought) === userOf(session))
      return outcomeOf(one) === "info" || (one.end ?? 0) >= born;
    // of this session, or of an id that it had
    if (one.op === "end") return outcomeOf(one) !== "failed";
    return ["sign-in", "sign-out", "regenerate"].includes(one.op) && one.brought === session;
  });
  const seenAt = Math.max(...seen.map(({ start }) => start));
  const expiresAt = Math.min(...seen.map((one) => one.expiresAt ?? 0));
  const expired = until > expiresAt - 1_000;
  if (bug === 10) return !ended && !expired;
  const outage = operations.some(
    (one) => outcomeOf(one) === "info" && one.start >= seenAt && one.start < planted.start,
  );
  return !ended && !expired && outage && areShared(operations);
}

test("a correct app breaks nothing, whatever its visitors do", () => {
  fc.assert(
    fc.property(moves(1), (given) => {
      const { operations } = simulate(given);
      expect(violationsOf(operations)).toEqual([]);
      // lines come in any order
      expect(violationsOf(operations.toReversed())).toEqual([]);
    }),
    { numRuns: 3 * RUNS },
  );
});

test("a store that forgets breaks the promise to survive it, and no other", () => {
  let found = 0;
  const losses = fc.array(fc.integer({ min: 20, max: 1_500 }), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(moves(10), losses, (given, at) => {
      const { operations } = simulate(given, undefined, 0, at);
      const violations = violationsOf(operations);
      found += violations.length;
      expect(violations.filter(({ rule }) => rule !== "after-store-loss")).toEqual([]);
    }),
    { numRuns: 3 * RUNS },
  );
  expect(found).toBeGreaterThan(RUNS);
});

test("what the recorder does not know is held against no app", () => {
  fc.assert(
    fc.property(moves(1), fc.array(blur, { minLength: 120, maxLength: 120 }), (given, blurs) => {
      const operations = simulate(given).operations.map((operation, at): Operation => {
        const unknown = blurs[at];
        if (unknown === "brought") return { ...operation, brought: undefined };
        if (unknown !== "received" || operation.op !== "sign-in") return operation;
        return { ...operation, received: null, visits: null, note: undefined };
      });
      expect(violationsOf(operations)).toEqual([]);
    }),
    { numRuns: 3 * RUNS },
  );
});

describe("one planted violation is found, with the operation that shows it", () => {
  test.each<Bug>([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])("of invariant %i", (bug) => {
    let found = 0;
    fc.assert(
      fc.property(moves(30), fc.integer({ min: 0, max: 3 }), (given, occasion) => {
        const { operations, planted, unlisted } = simulate(given, bug, occasion);
        if (!planted || !isDecidable(operations, { planted, unlisted }, bug)) return;
        found += 1;
        const violations = violationsOf(operations).filter(({ invariant }) => invariant === bug);
        expect(violations.length).toBeGreaterThan(0);
        expect(violations.some(({ witnesses }) => witnesses.includes(planted))).toBe(true);
        for (const { witnesses } of violations) {
          // an answer that took too long may be the first one of its session
          expect(witnesses.length).toBeGreaterThan(bug === 9 ? 0 : 1);
          expect(witnesses.length).toBeLessThan(7);
        }
      }),
      { numRuns: RARE.includes(bug) ? 3 * RUNS : RUNS },
    );
    // the moves have to give the bug its chance
    expect(found).toBeGreaterThan(RUNS / 100);
  });
});

test("whatever the lines say, there is a report", () => {
  const fingerprint = fc.constantFrom(null, "s", "t", "u");
  const operation = fc.record<Operation>({
    op: fc.constantFrom(...OPERATION_KINDS, "fault" as const),
    fault: fc.constantFrom(...FAULT_KINDS),
    runner: fc.constantFrom("a", "b"),
    visitor: fc.constantFrom("1", "2"),
    tab: fc.constantFrom("1", "2"),
    start: fc.integer({ min: 0, max: 50 }),
    end: fc.oneof(fc.constant(null), fc.integer({ min: 50, max: 9_000 })),
    brought: fingerprint,
    received: fingerprint,
    visits: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 5 })),
    user: fc.constantFrom(null, "ada", "bob"),
    note: fc.constantFrom(null, "one", "two", undefined),
    status: fc.constantFrom(0, 200, 302, 404, 503),
    dyno: fc.constantFrom(null, "web.1"),
    bootId: fc.constant(null),
    expiresAt: fc.constantFrom(null, 60, 5_000),
    copy: fc.boolean(),
    sessions: fc.constantFrom(undefined, ["s"], ["t", "u"]),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const report = checkHistory(operations, { clockErrorMs: 5 });
      expect(report.invariants).toHaveLength(10);
      expect(describeReport(report)).toContain(INVARIANTS[0]);
      for (const { examples } of report.invariants)
        for (const { witnesses } of examples) expect(witnesses.length).toBeLessThan(7);
    }),
    { numRuns: 10 * RUNS },
  );
});
