const full = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/** A figure that never grows wider than its column. @param {number} number */
export const counted = (number) => (number < 100_000 ? full : compact).format(number);

/** @param {number} [ms] */
export const seconds = (ms) => (ms === undefined ? "–" : `${(ms / 1_000).toFixed(1)} s`);

/** @param {number} [bytes] */
export const megabytes = (bytes) => (bytes ? `${Math.round(bytes / 2 ** 20)} MB` : "–");

/** How long it is so by now. @param {string} since */
export function duration(since) {
  const whole = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1_000));
  const minutes = Math.floor(whole / 60);
  if (minutes >= 120) return `${Math.floor(minutes / 60)} h`;
  return minutes ? `${minutes} min` : `${whole} s`;
}

/** @param {import("./types.d.ts").Counts} counts */
export function shareOf({ found, lost }) {
  if (found + lost === 0) return "No session yet";
  // Never rounded to what it is not: 100 % means that none was lost.
  const share = Math.floor((1_000 * found) / (found + lost)) / 10;
  return `${lost ? share.toFixed(1) : 100} % found`;
}

/** @param {import("./types.d.ts").Counts} counts */
export function countsOf({ found, lost, failed }) {
  const parts = found + lost ? [`${full.format(found)} found`, `${full.format(lost)} lost`] : [];
  if (failed) parts.push(`${full.format(failed)} failed`);
  return parts.join(", ");
}
