import { styleText } from "node:util";

const COLOURS = ["cyan", "yellow", "green", "magenta", "blue", "red"] as const;

/** One line of progress, in the manner of Heroku's build output. */
export function sayProgress(text: string): void {
  process.stderr.write(`${styleText("dim", "----->", { stream: process.stderr })} ${text}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A log line with its beginning in the colour of its dyno, on a terminal only. */
export function colourLine(line: string): string {
  const [prefix, name] = /^\S+ \w+\[([^\]]+)\]:/.exec(line) ?? [];
  if (!prefix || !name) return line;
  let sum = 0;
  for (const character of name) sum += character.charCodeAt(0);
  const colour = COLOURS[sum % COLOURS.length] ?? "cyan";
  return styleText(colour, prefix, { stream: process.stdout }) + line.slice(prefix.length);
}

/** Columns as wide as they must be, or JSON. */
export function printTable(rows: readonly Record<string, string>[], asJson: boolean): void {
  if (asJson) return say(JSON.stringify(rows, null, 2));
  const widths = new Map<string, number>();
  for (const row of rows) {
    for (const [key, value] of Object.entries(row)) {
      widths.set(key, Math.max(widths.get(key) ?? 0, value.length));
    }
  }
  for (const row of rows) {
    const cells = Object.entries(row).map(([key, value]) => value.padEnd(widths.get(key) ?? 0));
    say(cells.join("  ").trimEnd());
  }
}
