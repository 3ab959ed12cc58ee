import { timeline } from "@repo/history";
import type { Verdict } from "@repo/load/verdict";
import type { AppResult, Results, ScenarioResult } from "./results.ts";
import { sentenceOf } from "./sentence.ts";
import {
  brokenPromises,
  contradictions,
  headlineOf,
  marks,
  tableOf,
  unansweredByReason,
} from "./table.ts";

export interface TerminalOptions {
  /** Characters in a line. */
  width: number;
  color: boolean;
}

/** The table, one sentence about each app below, and everything that was not as expected. */
export function terminalReport(results: Results, { width, color }: TerminalOptions): string {
  const table = tableOf(results);
  const paint = color ? ansi : plain;
  const labels = table.rows.map(({ question }) => question.label);
  const first = Math.min(
    Math.max(4, ...labels.map((label) => label.length)),
    width < 100 ? 13 : 20,
  );
  const columns = table.columns.length;
  const gap = width < 100 ? 1 : 2;
  const rest = Math.max(8, Math.min(24, Math.floor((width - first) / Math.max(1, columns)) - gap));

  const line = (cells: { lines: string[]; style: Style }[]) => {
    const height = Math.max(...cells.map(({ lines }) => lines.length));
    return Array.from({ length: height }, (_, row) =>
      cells
        .map(({ lines, style }, column) =>
          paint((lines[row] ?? "").padEnd(column === 0 ? first : rest), style),
        )
        .join(" ".repeat(gap))
        .trimEnd(),
    ).join("\n");
  };

  const names = table.columns.map(({ name }) => ({
    lines: heading(name, rest),
    style: "bold" as const,
  }));
  const rule = "─".repeat(Math.min(width, first + columns * (rest + gap)));
  const rows = table.rows.map(({ question, cells }) =>
    line([
      { lines: wrap(question.label, first), style: "none" },
      ...cells.map((cell) => ({ lines: cellLines(cell, rest), style: styleOf(cell) })),
    ]),
  );
  const sentences = table.columns.map((app) =>
    wrap(`${titled(app)}. ${sentenceOf(app)}`, width, "  ").join("\n"),
  );
  return [
    line([{ lines: [], style: "none" }, ...names]),
    paint(rule, "dim"),
    ...rows,
    paint(rule, "dim"),
    ...sentences,
    ...remarks(results, width).map((text) => paint(text, "warn")),
    ...witnesses(results, width),
    "",
  ].join("\n");
}

/** The strategy in parentheses, where it says more than the name. */
const titled = ({ name, strategy }: AppResult) =>
  strategy === name ? name : `${name} (${strategy})`;

/** The operations that show a broken promise, and those that show what the scenario under faults found. */
function witnesses(results: Results, width: number): string[] {
  return results.apps.flatMap(({ name, scenarios }) =>
    Object.entries(scenarios).flatMap(([scenario, result]) => {
      const examples = result.history?.invariants.flatMap(({ examples = [] }) => examples) ?? [];
      const shown = scenario === "faults" ? examples.slice(0, 3) : brokenPromises(result);
      return shown.flatMap((violation) => [
        "",
        ...wrap(
          `${name} ${scenario}, invariant ${violation.invariant}: ${violation.message}`,
          width,
        ),
        ...timeline(violation.witnesses),
      ]);
    }),
  );
}

/** Everything that is not as expected; scenarios with the same reason share a line. */
function remarks(results: Results, width: number): string[] {
  const contradicted = contradictions(results).map(({ app, scenario, result }) => {
    const reason = result.reason ? ` ${result.reason}` : "";
    if (result.verdict === result.expected) return `! ${app} ${scenario}:${reason}`;
    return `! ${app} ${scenario}: ${result.verdict}, but its traits say ${result.expected}.${reason}`;
  });
  const untested = unansweredByReason(results).map((group) => {
    const scenarios = group.map(({ scenario }) => scenario).join(", ");
    return `! ${group[0]?.app} ${scenarios}: not tested. ${group[0]?.result.reason ?? ""}`;
  });
  return [...contradicted, ...untested].flatMap((remark) => wrap(remark, width, "  "));
}

function cellLines(cell: ScenarioResult | null, width: number): string[] {
  if (!cell) return [];
  const mark = `${marks[cell.verdict]}${cell.asExpected ? "" : "!"}`;
  return wrap(`${mark} ${headlineOf(cell)}`, width, "  ");
}

/** `cache-app:redis` breaks after the colon if it does not fit. */
function heading(name: string, width: number): string[] {
  return name.length <= width
    ? [name]
    : name.split(width < 12 ? /(?<=[:-])/ : /(?<=:)/).flatMap((part) => wrap(part, width));
}

type Style = Verdict | "none" | "bold" | "dim" | "warn";

function styleOf(cell: ScenarioResult | null): Style {
  if (!cell) return "none";
  return cell.asExpected ? cell.verdict : "warn";
}

const codes: Record<Style, string> = {
  works: "32",
  breaks: "31",
  "not tested": "2",
  none: "0",
  bold: "1",
  dim: "2",
  warn: "1;33",
};

const plain = (text: string) => text;
const ansi = (text: string, style: Style) =>
  style === "none" || text.trim() === "" ? text : `\u001b[${codes[style]}m${text}\u001b[0m`;

/** Breaks a text into lines of at most `width` characters; every line but the first begins with `indent`. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const start = lines.length === 0 ? "" : indent;
    const longer = line === "" ? start + word : `${line} ${word}`;
    if (longer.length <= width || line === "") {
      line = longer;
    } else {
      lines.push(line);
      line = indent + word;
    }
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = indent + line.slice(width);
    }
  }
  return [...lines, line];
}
