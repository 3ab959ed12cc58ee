import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Result, Spread } from "./measure.ts";

const PAGE = new URL("../../docs/speed.md", import.meta.url);
const HEAD = [
  "app",
  "request",
  "requests/s",
  "of plain",
  "of the bare library",
  "CPU µs",
  "above plain",
  "trips",
];
const WIDTHS = [16, 18, 10, 18, 19, 6, 14, 5];

export function rowOf(app: string, result: Result): string[] {
  const isPlain = result.request.endsWith("/api/plain");
  return [
    app,
    result.request,
    result.requestsPerSecond.median.toFixed(0),
    isPlain ? "1" : withEnds(result.ofPlain, 2),
    result.ofBare ? withEnds(result.ofBare, 2) : "–",
    result.cpuMicroseconds.median.toFixed(0),
    isPlain ? "–" : withEnds(result.cpuAbovePlain, 0),
    result.trips === null ? "–" : String(result.trips),
  ];
}

/** `0.98 (0.91–1.02)`: the median, and the slowest and fastest round. */
function withEnds({ median, low, high }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

export function printHeader(): void {
  console.log(`One process per app, ${machine()}\n`);
  console.log(toTable([]));
}

export function toTable(rows: string[][], { head = true } = {}): string {
  const rule = WIDTHS.map(
    (width, column) => "-".repeat(column < 2 ? width : width - 1) + (column < 2 ? "" : ":"),
  );
  return [...(head ? [HEAD, rule] : []), ...rows]
    .map((cells) => `| ${cells.map((cell, i) => pad(cell, i)).join(" | ")} |`)
    .join("\n");
}

function pad(cell: string, column: number): string {
  const width = WIDTHS[column] ?? 0;
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}

/** Replaces what stands between the two marks in docs/speed.md. */
export function writeTable(rows: string[][]): void {
  const page = readFileSync(PAGE, "utf8");
  const written = page.replace(
    /(<!-- bench -->)[\s\S]*(<!-- \/bench -->)/,
    `$1\n\nMeasured on ${machine()}.\n\n${toTable(rows)}\n\n$2`,
  );
  writeFileSync(PAGE, written);
}

const machine = () =>
  `${availableParallelism()} cores of ${process.arch}, ${process.platform}, Node ${process.version}, shared with the load and the store`;
