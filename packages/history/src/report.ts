import type { Operation } from "./operation.ts";
import { INVARIANTS, type InvariantNumber, RULES, type Rule } from "./promises.ts";

/** An answer that a correct app does not give. */
export interface Violation {
  invariant: InvariantNumber;
  rule: Rule;
  /** The app's traits say that this does not happen. */
  promised: boolean;
  message: string;
  /** The operations that show it, by start; faults among them. */
  witnesses: Operation[];
}

export interface InvariantReport {
  invariant: InvariantNumber;
  title: string;
  verdict: "holds" | "breaks" | "not exercised";
  promised: "yes" | "in part" | "no";
  /** How often it could have broken. */
  checked: number;
  violations: number;
  /** How many of the violations are of promised rules. */
  broken: number;
  /** The first violations. */
  examples: Violation[];
}

export interface Report {
  /** No promised invariant broke. */
  ok: boolean;
  runners: number;
  visitors: number;
  sessions: number;
  operations: number;
  acknowledged: number;
  /** Answered by a 5xx or not at all: they may have happened. */
  unsure: number;
  /** Answered by a 4xx. */
  refused: number;
  faults: number;
  invariants: InvariantReport[];
}

/** Where the invariants put what they find. */
export interface Findings {
  /** Something was looked at that could have broken an invariant. */
  check(invariant: InvariantNumber): void;
  /** Something broke. Equal and missing witnesses are left out. */
  violate(
    rule: Rule,
    message: string,
    witnesses: ({ op: Operation } | Operation | null | undefined)[],
  ): void;
  invariants(): InvariantReport[];
}

export function createFindings(promises: ReadonlySet<Rule>, examplesEach: number): Findings {
  const reports = INVARIANTS.map((title, index): InvariantReport => {
    const invariant = (index + 1) as InvariantNumber;
    const rules = Object.keys(RULES).filter((rule) => RULES[rule as Rule].invariant === invariant);
    const promised = rules.filter((rule) => promises.has(rule as Rule)).length;
    return {
      invariant,
      title,
      verdict: "not exercised",
      promised: promised === rules.length ? "yes" : promised > 0 ? "in part" : "no",
      checked: 0,
      violations: 0,
      broken: 0,
      examples: [],
    };
  });
  const reportOf = (invariant: InvariantNumber) => reports[invariant - 1] as InvariantReport;

  return {
    check(invariant) {
      reportOf(invariant).checked += 1;
    },
    violate(rule, message, witnesses) {
      const { invariant } = RULES[rule];
      const report = reportOf(invariant);
      const promised = promises.has(rule);
      report.violations += 1;
      if (promised) report.broken += 1;
      // a broken promise is shown before what an app never promised
      const last = report.examples.at(-1);
      if (report.examples.length >= examplesEach) {
        if (!promised || last?.promised !== false) return;
        report.examples.pop();
      }
      const given = witnesses.flatMap((one) =>
        !one ? [] : "visitor" in one && "start" in one ? [one] : [(one as { op: Operation }).op],
      );
      const shown = [...new Set(given)].sort((a, b) => a.start - b.start);
      const violation = { invariant, rule, promised, message, witnesses: shown };
      const place = promised ? Math.min(report.broken, examplesEach) - 1 : Number.POSITIVE_INFINITY;
      report.examples.splice(place, 0, violation);
    },
    invariants() {
      for (const report of reports) {
        if (report.violations > 0) report.verdict = "breaks";
        else if (report.checked > 0) report.verdict = "holds";
      }
      return reports;
    },
  };
}
