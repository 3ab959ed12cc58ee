/** The way from the router to the dynos: a line to each, and a dot for each request. */

/**
 * A line from the router to each dyno, drawn again when something moves.
 * @param {HTMLElement} flow
 * @param {ReadonlyMap<string, { element: HTMLElement }>} rows
 */
export function createWires(flow, rows) {
  const svg = /** @type {SVGElement} */ (flow.querySelector(".wires"));
  const endsOf = createEnds(flow);
  let drawn = 0;

  function redraw() {
    drawn = rows.size;
    svg.replaceChildren(
      ...[...rows.values()].map(({ element }) => {
        const { from, to } = endsOf(element);
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
        for (const [name, value] of Object.entries(ends)) line.setAttribute(name, value.toFixed(1));
        return line;
      }),
    );
  }

  const observer = new ResizeObserver(redraw);
  observer.observe(flow);
  return {
    draw() {
      if (drawn !== rows.size) redraw();
    },
    stop: () => observer.disconnect(),
  };
}

/** Dots at one time. Requests beyond this are counted in the figures only. */
const MAX_DOTS = 80;
const FLIGHT_MS = 600;
const TICK_MS = 250;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Dots that fly from the router to a dyno, one for each request. A dot that has landed is removed.
 * @param {HTMLElement} flow
 * @param {ReadonlyMap<string, { element: HTMLElement, color: string }>} rows
 */
export function createDots(flow, rows) {
  const layer = /** @type {HTMLElement} */ (flow.querySelector(".dots"));
  const endsOf = createEnds(flow);

  /**
   * @param {import("./types.d.ts").RecentRequest} request
   * @param {{ ends: ReturnType<typeof endsOf>, color: string }} path
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
    draw(recent) {
      if (document.hidden || still.matches) return;
      const seen = recent.slice(0, MAX_DOTS - layer.childElementCount);
      // Everything is measured before anything is added: a measurement after a change lays the page out again.
      const paths = new Map(
        [...new Set(seen.map(({ dyno }) => dyno))].flatMap((dyno) => {
          const row = rows.get(dyno);
          return row ? [[dyno, { ends: endsOf(row.element), color: row.color }]] : [];
        }),
      );
      for (const [at, request] of seen.entries()) {
        const path = paths.get(request.dyno);
        if (path) launch(request, path, (at * TICK_MS) / recent.length);
      }
    },
  };
}

/**
 * Where requests leave the router, and where they reach a dyno, in the coordinates of the flow. On a phone the
 * router is above its dynos, and requests go down a lane beside them.
 * @param {HTMLElement} flow
 */
function createEnds(flow) {
  const router = /** @type {HTMLElement} */ (flow.querySelector(".router"));

  /** @param {HTMLElement} row */
  return (row) => {
    const frame = flow.getBoundingClientRect();
    const start = router.getBoundingClientRect();
    const end = row.getBoundingClientRect();
    const above = start.right > end.left;
    const [x, y] = above ? [start.left + 10, start.bottom] : [start.right, middle(start)];
    return {
      from: { x: x - frame.left, y: y - frame.top },
      to: { x: end.left - frame.left, y: middle(end) - frame.top },
    };
  };
}

/** @param {DOMRect} rectangle */
const middle = ({ top, height }) => top + height / 2;
