/**
 * Where requests leave the router, and where they reach a dyno, in the coordinates of the flow. On a phone the
 * router lies above its dynos, and they go down a lane beside them.
 * @param {HTMLElement} flow
 */
export function createEnds(flow) {
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
