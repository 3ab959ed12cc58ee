import type { Operation } from "./operation.ts";
import type { InvariantReport, Report, Violation } from "./report.ts";

const BAR_WIDTH = 24;
const SIGNS = { holds: "✓", breaks: "✗", "not exercised": "–" } as const;
// k6, which prints a report too, has no `Intl`
const number = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
const many = (count: number, noun: string) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** A report as text: one line for each invariant, then the violations with the operations that show them. */
export function describeReport(report: Report): string {
  const { operations, visitors, sessions, acknowledged, unsure, refused, faults } = report;
  const head = [
    `${many(operations, "operation")} of ${many(visitors, "visitor")} in ${many(sessions, "session")}: ${number(acknowledged)} acknowledged, ${number(unsure)} unsure (5xx or no answer), ${number(refused)} refused (4xx); ${many(faults, "fault")}`,
    "",
  ];
  const width = Math.max(...report.invariants.map(({ title }) => title.length));
  const lines = report.invariants.map((one) => {
    const { invariant, title, verdict } = one;
    return `${SIGNS[verdict]} ${String(invariant).padEnd(2)} ${title.padEnd(width)}  ${verdictOf(one)}`;
  });
  const found = report.invariants.flatMap((one) => describeViolations(one));
  const end = report.ok
    ? "Every promised invariant holds."
    : `Broken promises: ${report.invariants
        .filter(({ broken }) => broken > 0)
        .map(({ invariant }) => invariant)
        .join(", ")}.`;
  return `${[...head, ...lines, ...found, "", end].join("\n")}\n`;
}

function verdictOf({ verdict, violations, broken, checked }: InvariantReport): string {
  if (verdict === "not exercised") return verdict;
  if (verdict === "holds") return `holds (${number(checked)} checked)`;
  const part =
    broken === 0 ? ", not promised" : broken < violations ? `, ${number(broken)} promised` : "";
  return `breaks (${many(violations, "violation")}, ${number(checked)} checked${part})`;
}

function describeViolations({ invariant, title, violations, examples }: InvariantReport): string[] {
  if (examples.length === 0) return [];
  const shown =
    examples.length < violations ? ` (${examples.length} of ${number(violations)} shown)` : "";
  return ["", `${invariant}  ${title}${shown}`, ...examples.flatMap(describeViolation)];
}

function describeViolation({ message, promised, witnesses }: Violation): string[] {
  return ["", `   ${message}${promised ? "" : " (Not promised.)"}`, ...timeline(witnesses)];
}

/** Each operation as a bar on one scale, with what it brought and what it was answered. */
export function timeline(operations: readonly Operation[]): string[] {
  const from = Math.min(...operations.map(({ start }) => start));
  const to = Math.max(...operations.map(({ start, end }) => end ?? start));
  const place = (time: number) =>
    Math.round(((time - from) / Math.max(1, to - from)) * (BAR_WIDTH - 1));
  const severalRunners = new Set(operations.map(({ runner }) => runner)).size > 1;
  const rows = operations.map((operation) => {
    const { start, end } = operation;
    const [first, last] = [place(start), end === null ? BAR_WIDTH : place(end)];
    const body =
      first === last ? "│" : `├${"─".repeat(last - first - 1)}${end === null ? "" : "┤"}`;
    const took = end === null ? "…" : `+${number(end - start)}`;
    return [
      `${number(start - from)} ms ${took}`,
      (" ".repeat(first) + body).padEnd(BAR_WIDTH),
      ...wordsOf(operation, severalRunners),
    ];
  });
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `   ${row.map((cell, column) => (column === 0 ? cell.padStart(widths?.[0] ?? 0) : cell.padEnd(widths?.[column] ?? 0))).join("  ")}`.trimEnd(),
  );
}

function wordsOf(operation: Operation, withRunner: boolean): string[] {
  const { op, visitor, tab, brought, received, visits, user, note, status, dyno, copy } = operation;
  if (op === "fault") return ["", operation.fault ?? "", "", dyno ?? "", "", ""];
  const named = (noun: string, name: string) => (/^\d+$/.test(name) ? `${noun} ${name}` : name);
  const who = [
    withRunner ? named("runner", operation.runner) : "",
    named("visitor", visitor),
    named("tab", tab),
  ];
  const shown = [
    visits === null ? "" : `visits ${visits}`,
    user === null ? "" : `user ${user}`,
    note ? `note ${note.slice(0, 20)}` : "",
  ];
  return [
    who.filter(Boolean).join(", "),
    op + (copy ? " (copy)" : ""),
    `${brought === undefined ? "?" : (brought ?? "none")} → ${received ?? "none"}`,
    dyno ?? "",
    status === 0 ? "no answer" : String(status),
    shown.filter(Boolean).join(", "),
  ];
}
