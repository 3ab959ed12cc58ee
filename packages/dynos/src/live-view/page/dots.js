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

  /**
   * @param {import("./types.d.ts").RecentRequest} request
   * @param {{ ends: ReturnType<typeof endsOf>, color: string }} way
   * @param {number} delay
   */
  function launch({ status, session }, { ends, color }, delay) {
    const dot = document.createElement("i");
    dot.className = `mark ${status >= 500 ? "failed" : (session ?? "none")}`;
    dot.style.setProperty("--dyno", color);
    layer.append(dot);
    const [start, end] = [ends.from, ends.to].map(({ x, y }) => `translate(${x}px, ${y}px)`);
    const frames = [
      { transform: start, opacity: 0 },
      { opacity: 1, offset: 0.08 },
      { transform: end, opacity: 1 },
    ];
    /** @type {KeyframeAnimationOptions} */
    const timing = { duration: FLIGHT_MS, delay, fill: "both", easing: "linear" };
    const done = () => dot.remove();
    dot.animate(frames, timing).finished.then(done, done);
  }

  return {
    /** @param {readonly import("./types.d.ts").RecentRequest[]} recent */
    fly(recent) {
      if (document.hidden || still.matches) return;
      const seen = recent.slice(0, MOST - layer.childElementCount);
      // All is measured before anything is added: measuring after a change lays the page out anew.
      const ways = new Map(
        [...new Set(seen.map(({ dyno }) => dyno))].flatMap((dyno) => {
          const row = rows.get(dyno);
          return row ? [[dyno, { ends: endsOf(row.element), color: row.color }]] : [];
        }),
      );
      for (const [at, request] of seen.entries()) {
        const way = ways.get(request.dyno);
        if (way) launch(request, way, (at * TICK_MS) / recent.length);
      }
    },
  };
}
