/**
 * One color per dyno, the same on every page and in every report. Each is dark enough for white text (4.5:1)
 * and light enough to stand out on a dark page (3:1), so one value serves both themes. Neighbours also differ to
 * people who cannot tell red from green; a dyno's name or number is beside its color everywhere.
 */
const colors = [
  "#2563eb",
  "#c2410c",
  "#db2777",
  "#0d7d6c",
  "#9333ea",
  "#a16207",
  "#0e7490",
  "#4d7c0f",
] as const;

/** `web.1` → its color. A name without a number (a Fir dyno, `local`) always gets the same one. */
export function dynoColor(name: string): string {
  const number = /\.(\d{1,6})$/.exec(name)?.[1];
  const index = number ? Number(number) - 1 : sum(name);
  return colors[((index % colors.length) + colors.length) % colors.length] ?? colors[0];
}

function sum(text: string): number {
  let total = 0;
  for (const character of text) total = (total * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return total;
}
