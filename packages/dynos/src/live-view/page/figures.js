import { write } from "./dom.js";

const full = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/** A figure that never grows wider than its column. @param {number} number */
export const counted = (number) => (number < 100_000 ? full : compact).format(number);

/** @param {number} [ms] */
export const seconds = (ms) => (ms === undefined ? "–" : `${(ms / 1_000).toFixed(1)} s`);

/** @param {number} [bytes] */
export const megabytes = (bytes) => (bytes ? `${Math.round(bytes / 2 ** 20)} MB` : "–");

/** The time since then. @param {string} since */
export function duration(since) {
  const whole = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1_000));
  const minutes = Math.floor(whole / 60);
  if (minutes >= 120) return `${Math.floor(minutes / 60)} h`;
  return minutes ? `${minutes} min` : `${whole} s`;
}

/** @param {import("./types.d.ts").Counts} counts */
export function shareOf({ found, lost }) {
  if (found + lost === 0) return "No session yet";
  // Rounded down: 100 % means that none was lost.
  const share = Math.floor((1_000 * found) / (found + lost)) / 10;
  return `${lost ? share.toFixed(1) : 100} % found`;
}

/** @param {import("./types.d.ts").Counts} counts */
export function countsOf({ found, lost, failed }) {
  const parts = found + lost ? [`${full.format(found)} found`, `${full.format(lost)} lost`] : [];
  if (failed) parts.push(`${full.format(failed)} failed`);
  return parts.join(", ");
}

const TICKS = 8;
const TICKS_PER_SECOND = 4;

/** Requests a second, over the last two seconds. @param {HTMLElement} element */
export function createRate(element) {
  /** @type {number[]} */
  const counts = [];
  /** @param {number} count */
  return (count) => {
    counts.push(count);
    if (counts.length > TICKS) counts.shift();
    const perSecond = (TICKS_PER_SECOND * counts.reduce((sum, each) => sum + each)) / counts.length;
    write(
      element,
      perSecond ? `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s` : "idle",
    );
  };
}
