import { createEnds } from "./ends.js";

/** So many dots at once at the most; what comes beyond is counted in the figures all the same. */
const MOST = 80;
const FLIGHT_MS = 600;
const TICK_MS = 250;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Dots that fly from the router to a dyno, one for each request. A dot that has landed is taken away.
 * @param {HTMLElement} flow
 * @param {ReadonlyMap<string, { element: HTMLElement, color: string }>} rows
 */
export function createDots(flow, rows) {
  const layer = /** @type {HTMLElement} */ (flow.querySelector(".dots"));
  const endsOf = createEnds(flow);

  /** @param {import("./types.d.ts").Flown} request @param {number} delay */
  function launch({ dyno, status, session }, delay) {
    const row = rows.get(dyno);
    if (!row || layer.childElementCount >= MOST) return;
    const { from, to } = endsOf(row.element);
    const dot = document.createElement("i");
    dot.className = `mark ${status >= 500 ? "failed" : (session ?? "none")}`;
    dot.style.setProperty("--dyno", row.color);
    layer.append(dot);
    const [start, end] = [from, to].map(({ x, y }) => `translate(${x}px, ${y}px)`);
    const frames = [
      { transform: start, opacity: 0 },
      { opacity: 1, offset: 0.08 },
      { transform: end, opacity: 1 },
    ];
    /** @type {KeyframeAnimationOptions} */
    const timing = { duration: FLIGHT_MS, delay, fill: "backwards", easing: "linear" };
    const done = () => dot.remove();
    dot.animate(frames, timing).finished.then(done, done);
  }

  return {
    /** @param {readonly import("./types.d.ts").Flown[]} flown */
    fly(flown) {
      if (document.hidden || still.matches) return;
      for (const [at, request] of flown.entries()) launch(request, (at * TICK_MS) / flown.length);
    },
  };
}
