const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** "3 minutes ago", or "just now". */
export function ago(then: number, now: number): string {
  const text = span(now - then);
  return text ? `${text} ago` : "just now";
}

/** "in 14 days", or "now". */
export function ahead(then: number, now: number): string {
  const text = span(then - now);
  return text ? `in ${text}` : "now";
}

/** Rounded to whole ones of the largest unit that fits. */
function span(milliseconds: number): string {
  const [unit, length] = units.find(([, size]) => milliseconds >= size) ?? [];
  if (!unit || !length) return "";
  const count = Math.round(milliseconds / length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
