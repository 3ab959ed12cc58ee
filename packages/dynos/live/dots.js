/** So many dots at once at the most; what comes beyond is counted in the figures all the same. */
const MOST = 80;
const FLIGHT_MS = 520;
const TICK_MS = 250;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Dots that fly from the router to a dyno, one for each request. A dot that has landed is taken away.
 * @param {HTMLElement} flow
 */
export function createDots(flow) {
  const router = /** @type {HTMLElement} */ (flow.querySelector(".router"));
  const layer = /** @type {HTMLElement} */ (flow.querySelector(".dots"));

  return {
    /**
     * @param {import("./app-card.js").Flown[]} flown
     * @param {Map<string, HTMLElement>} rows
     */
    fly(flown, rows) {
      if (document.hidden || still.matches) return;
      const frame = flow.getBoundingClientRect();
      const from = router.getBoundingClientRect();
      flown.forEach(({ dyno, status, session }, index) => {
        const row = rows.get(dyno);
        if (!row || layer.childElementCount >= MOST) return;
        const to = row.getBoundingClientRect();
        const dot = document.createElement("i");
        dot.className = status >= 500 ? "failed" : (session ?? "none");
        dot.style.setProperty("--dyno", row.style.getPropertyValue("--dyno"));
        layer.append(dot);
        /** @param {number} x @param {number} y */
        const at = (x, y) => `translate(${x - frame.left}px, ${y - frame.top}px)`;
        dot
          .animate(
            [
              { transform: at(from.right, from.top + from.height / 2), opacity: 0 },
              { opacity: 1, offset: 0.15 },
              { transform: at(to.left, to.top + to.height / 2), opacity: 1 },
            ],
            {
              duration: FLIGHT_MS,
              delay: (index * TICK_MS) / flown.length,
              easing: "cubic-bezier(.4, 0, .7, 1)",
              fill: "backwards",
            },
          )
          .finished.catch(() => {})
          .finally(() => dot.remove());
      });
    },
  };
}
