import { createEnds } from "./ends.js";

/**
 * A line from the router to each dyno, drawn anew when something moves.
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
