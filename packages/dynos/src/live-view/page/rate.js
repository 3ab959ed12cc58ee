import { write } from "./dom.js";

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
