import { styleText } from "node:util";

const COLORS = ["cyan", "yellow", "green", "magenta", "blue", "red"] as const;

/** One line of progress, in the manner of Heroku's build output. */
export function sayProgress(text: string): void {
  process.stderr.write(`${styleText("dim", "----->", { stream: process.stderr })} ${text}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A log line with its beginning in the color of its dyno, on a terminal only. */
export function colorLine(line: string): string {
  const [prefix, name] = /^\S+ \w+\[([^\]]+)\]:/.exec(line) ?? [];
  if (!prefix || !name) return line;
  let sum = 0;
  for (const character of name) sum += character.charCodeAt(0);
  const color = COLORS[sum % COLORS.length] ?? "cyan";
  return styleText(color, prefix, { stream: process.stdout }) + line.slice(prefix.length);
}

/** Aligned columns, two spaces apart. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}
