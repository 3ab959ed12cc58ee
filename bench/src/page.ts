import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fillPart } from "@repo/registry/marked-part";
import type { Spread } from "./measure.ts";

const PAGE = new URL("../../docs/speed.md", import.meta.url);

/** Replaces a generated part of docs/speed.md. */
export function fillSection(name: string, text: string): void {
  writeFileSync(PAGE, fillPart(readFileSync(PAGE, "utf8"), name, `\n${text}\n`));
}

/** @param left how many columns are text; the others are figures, and stand to the right */
export function markdownTable(
  head: readonly string[],
  rows: readonly string[][],
  left: number,
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const rule = widths.map((width, column) =>
    column < left ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  const pad = (cell: string, column: number) =>
    column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return [head, rule, ...rows].map((cells) => `| ${cells.map(pad).join(" | ")} |`).join("\n");
}

/** `0.98 (0.91–1.02)`: the median, and the lowest and highest round. */
export function withEnds({ median, low, high }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

export const machine = () =>
  `${availableParallelism()} cores of ${process.arch}, ${process.platform}, Node ${process.version}, shared with the load and the store`;
